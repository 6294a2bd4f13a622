using System.Globalization;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Documents;

/// <summary>Parts within their limits can exceed the document's: it is truncated or rejected when written, never when read.</summary>
public class DocumentSizeTests
{
    private const int Max = 100_000;

    public static TheoryData<int, int, bool> Shapes { get; } = new(
        from texts in new[] { (50, 500), (30, 60_000), (150, 3_000), (200, 60_000) } from isMapped in new[] { false, true } select (texts.Item1, texts.Item2, isMapped));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Messages_and_stacks_of_many_tasks_are_truncated_until_every_format_is_readable(int tasks, int length, bool isMapped)
    {
        var flow = Failing(tasks, length, isMapped);
        var run = flow.RunAll();

        foreach (var form in Enum.GetValues<DocumentForm>())
        {
            var document = form switch
            {
                DocumentForm.Json => FlowStateWriter.Write(run),
                DocumentForm.Compact => CompactWriter.Content(run, matchBySlug: true, includeTimes: false),
                _ => PrefectWriter.Write(run),
            };
            Assert.InRange(document.Length, 1, Max);
            var read = form.Travel(flow, run);
            Assert.Equal(tasks, AllOf(read).Count());
            foreach (var (before, after) in AllOf(run).Zip(AllOf(read)))
            {
                Assert.StartsWith(before.Message![..20], after.Message, StringComparison.Ordinal);
                if (after.Message!.Length < before.Message!.Length)
                    Assert.EndsWith("characters in all]", after.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Recorded_messages_and_stacks_are_truncated_too()
    {
        var store = RecordedFlowExtensions.NewStore();
        var flow = Failing(200, 30_000, isMapped: false, new() { Store = store });
        flow.Recorded().Step("run");

        var journal = new JournalReader(new(store), store.Incarnation()).Read(chain => chain)!;
        Assert.InRange(journal.Base.Checkpoint!.Bytes, 1, Max);
        Assert.Equal(200, AllOf(RecordedRuns.Read(flow.Flow, "run")!).Count());
        Assert.Equal((StateType.Failed, 200), store.AllRuns().Select(run => (run.StateType, run.FailedCount)).Single());
        Assert.Equal(400, RunHistory.Find(store, "flow", "run")!.Changes.Count);
        Assert.InRange(journal.RecordsAfter(0).Sum(record => record.History.Length), 1, 200 * (Limits.MaxErrorPartLength + 200));
    }

    [Fact]
    public void Results_too_large_together_are_an_error_with_a_remedy_and_a_recorded_run_continues()
    {
        var store = RecordedFlowExtensions.NewStore();
        var flow = Returning(new() { Store = store, Checkpoints = false });

        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType); // without a checkpoint: its records are read one by one
        Assert.Equal(new string('x', 4_000), RecordedRuns.Read(flow.Flow, "run")!.Of("t49").Result);

        flow = Returning(new());
        var run = flow.RunAll();
        foreach (var write in new Func<FlowState, byte[]>[] { each => FlowStateWriter.Write(each), PrefectWriter.Write, each => CompactWriter.Write(each) })
        {
            var error = Assert.Throws<FlowException>(() => write(run));
            Assert.Equal(FlowErrorId.ResultInvalid, error.Id);
            Assert.Contains("New-Flow -Store", error.Message, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<FlowTaskState> AllOf(FlowState run) =>
        run.Tasks.SelectMany(task => task.Children.Count > 0 ? task.Children : [task]).Where(task => task.StateType == StateType.Failed);

    private static TestFlow Returning(FlowOptions options)
    {
        var flow = new TestFlow(options: options, maxDocumentBytes: Max);
        for (var n = 0; n < 50; n++)
            flow.Task($"t{n.ToString(CultureInfo.InvariantCulture)}", _ => new string('x', 4_000));
        return flow;
    }

    private static TestFlow Failing(int tasks, int length, bool isMapped, FlowOptions? options = null)
    {
        var flow = new TestFlow(options: options, maxDocumentBytes: Max);
        if (isMapped)
        {
            flow.Task("list", _ => Enumerable.Range(0, tasks).Cast<object>().ToArray());
            return flow.Add(new("many", TestFlow.Body(_ => Fail(length))) { Map = [new("x", "list")] });
        }

        for (var n = 0; n < tasks; n++)
            flow.Task($"t{n.ToString(CultureInfo.InvariantCulture)}", _ => Fail(length));
        return flow;
    }

    private static object? Fail(int length) => throw new InvalidOperationException(new string('e', length));
}
