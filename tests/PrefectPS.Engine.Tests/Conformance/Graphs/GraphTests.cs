using System.Collections.Concurrent;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Conformance.Graphs;

/// <summary>Random flows end as in the reference engine, however they are divided into steps and transported.</summary>
public class GraphTests
{
    // Far more steps than any flow needs.
    private const int MostSteps = 200;
    private const int InFull = 20;
    private static readonly ConcurrentDictionary<int, string> RanInOneStep = new();

    /// <summary>How a run goes from one step to the next.</summary>
    public enum Form
    {
        Json,
        Compact,
        Prefect,
    }

    [Fact]
    public void A_random_flow_ends_as_in_the_reference_engine() =>
        AssertAll("graphs.json", row => RunFrom(row, null, maxTasks: null, Form.Json));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Step_by_step_it_ends_the_same_with_the_same_bodies_run(int maxTasks) => AssertAllInSteps(maxTasks, Form.Json);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void In_compact_documents_it_ends_the_same_with_the_same_bodies_run(int maxTasks) => AssertAllInSteps(maxTasks, Form.Compact);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void In_the_reference_engines_own_documents_it_ends_the_same_with_the_same_bodies_run(int maxTasks) =>
        AssertAllInSteps(maxTasks, Form.Prefect);

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void With_four_bodies_at_once_it_ends_the_same(int? maxTasks) =>
        AssertAll("graphs.json", row => RunFrom(row, null, maxTasks, Form.Json, new(4)));

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void From_a_document_that_the_reference_engine_wrote_half_way_it_ends_the_same(int? maxTasks) =>
        AssertAll("half-run.json", row => row.Documents.SelectMany(given =>
            RunFrom(row, given, maxTasks, Form.Json).Select(difference => $"from {given.Ended} ended: {difference}")));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void From_such_a_document_it_ends_the_same_in_the_reference_engines_own_documents(int maxTasks) =>
        AssertAll("half-run.json", row => row.Documents.SelectMany(given =>
            RunFrom(row, given, maxTasks, Form.Prefect).Select(difference => $"from {given.Ended} ended: {difference}")));

    private static void AssertAllInSteps(int maxTasks, Form form) => AssertAll("graphs.json", row =>
    {
        var cut = GraphFlow.Make(row);
        List<string> differences = [.. Differences(row, null, cut, maxTasks, form)];
        var (expected, ran) = (RanInOneStep.GetOrAdd(row.Id, _ => RunInOneStep(row)), Sorted(cut.Ran));
        if (expected != ran)
            differences.Add($"bodies run in one step: {expected}; in several: {ran}");
        return differences;
    });

    private static string RunInOneStep(GraphRow row)
    {
        var flow = GraphFlow.Make(row);
        Run(flow, flow.New(), maxTasks: null, Form.Json);
        return Sorted(flow.Ran);
    }

    private static string Sorted(IEnumerable<string> tasks) => string.Join(' ', tasks.Order(StringComparer.Ordinal));

    private static IEnumerable<string> RunFrom(
        GraphRow row, GraphDocument? given, int? maxTasks, Form form, Throttle? throttle = null) =>
        Differences(row, given, GraphFlow.Make(row), maxTasks, form, throttle);

    private static IEnumerable<string> Differences(
        GraphRow row, GraphDocument? given, TestFlow flow, int? maxTasks, Form form, Throttle? throttle = null) =>
        Run(flow, given?.Read(flow.Flow) ?? flow.New(), maxTasks, form, throttle) is { } run
            ? new GraphComparison(row, given).Differences(run)
            : ["it does not end"];

    // A paused task of the reference engine's is due in ten years: that is not waited for. Null where the run does not end.
    private static FlowState? Run(TestFlow flow, FlowState run, int? maxTasks, Form form, Throttle? throttle = null)
    {
        var budget = new StepBudget { MaxTasks = maxTasks, Throttle = throttle };
        for (var step = 0; run is { HasPending: true, NextStartTime: null }; step++)
        {
            if (step == MostSteps)
                return null;
            var pool = throttle is null ? null : new ThreadPoolBodies();
            run = StepRunner.Run(
                run, new() { Budget = budget, ResetCancelled = maxTasks is not null, Pool = pool }, cancellationToken: TestContext.Current.CancellationToken);
            run = Travel(flow, form, run);
        }

        return run;
    }

    private static FlowState Travel(TestFlow flow, Form form, FlowState run)
    {
        var document = form switch
        {
            Form.Json => FlowStateWriter.Write(run),
            Form.Compact => CompactWriter.Write(run),
            Form.Prefect => PrefectWriter.Write(run),
            _ => throw new NotSupportedException($"{form}"),
        };
        return StateDocument.Read(flow.Flow, document, ReadingOptions.Default).Run;
    }

    private static void AssertAll(string file, Func<GraphRow, IEnumerable<string>> differences)
    {
        var rows = GraphRow.All(file);
        Assert.NotEmpty(rows);
        var failed = rows.Select(row => (row.Id, Differences: Try(row, differences))).Where(row => row.Differences.Count > 0).ToList();
        var lines = failed.Take(InFull).Select(row => string.Join("\n  ", row.Differences.Prepend($"row {row.Id}")));
        Assert.True(
            failed.Count == 0,
            $"{failed.Count} of {rows.Length} rows differ: {string.Join(' ', failed.Select(row => row.Id))}\n{string.Join('\n', lines)}");
    }

    private static List<string> Try(GraphRow row, Func<GraphRow, IEnumerable<string>> differences)
    {
        try
        {
            return [.. differences(row)];
        }
        catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
        {
            return [$"{e.GetType().Name}: {e.Message}"];
        }
    }
}
