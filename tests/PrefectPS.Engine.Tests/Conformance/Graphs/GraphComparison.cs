using System.Text.Json;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Conformance.Graphs;

/// <summary>Compares a run of ours with a row, as the README of the data says: what differs, task by task.</summary>
/// <param name="row">The row.</param>
/// <param name="given">The document that the run went on from; null where it began with nothing.</param>
internal sealed class GraphComparison(GraphRow row, GraphDocument? given)
{
    private const string Unfinished = "unfinished";
    private readonly HashSet<string> _unknown = Unknown(row, given);

    public IEnumerable<string> Differences(FlowState run)
    {
        foreach (var (task, state) in row.Tasks.Select(task => (task.Name, row.States[task.Name])))
        {
            var (theirs, ours) = (Describe(task, state), Describe(task, state, run.Of(task)));
            if (theirs != ours)
                yield return $"{task}: theirs {theirs}; ours {ours}";
        }

        if (ExpectedRun() is var expected && expected != DescribeRun(run))
            yield return $"the run: theirs {row.Flow.Type}, with us {expected}; ours {DescribeRun(run)}";
    }

    // With us a run is a success when all its tasks ended well: it is Cancelled where one of them is, though the reference tasks be not.
    private string ExpectedRun() => row.Flow.Type switch
    {
        nameof(StateType.Success) when row.States.Values.Any(IsCancelled) => nameof(StateType.Cancelled),
        nameof(StateType.Success) or nameof(StateType.Failed) => row.Flow.Type,
        nameof(StateType.Running) => Unfinished,
        var other => throw new NotSupportedException($"Nothing knows a run that is {other}."),
    };

    private static string DescribeRun(FlowState run) => run.StateType.IsFinished() ? run.StateType.Name() : Unfinished;

    private static bool IsCancelled(GraphState state) =>
        state.Type == nameof(StateType.Cancelled) || state.Children?.Any(IsCancelled) == true;

    private string Describe(string task, GraphState state) => Describe(
        state.Type,
        given?.KeptMessage(task, state.Type) ?? ReferenceText.Normalise("message", state.Message),
        _unknown.Contains(task) ? null : Show(state.Result),
        state.Children?.Select(child => Describe(task, child)));

    // The result only where the recording has one.
    private string Describe(string task, GraphState theirs, FlowTaskState ours) => Describe(
        ours.StateType.Name(),
        ours.Message,
        theirs.Result is null || _unknown.Contains(task) ? null : Show(ours.Result),
        ours.Inner.Children is null ? null
            : ours.Children.Select((child, i) => Describe(task, theirs.Children?.ElementAtOrDefault(i) ?? theirs, child)));

    private static string Describe(string type, string? message, string? result, IEnumerable<string>? children) =>
        ReferenceText.State(type, message)
        + (result is null ? string.Empty : $" -> {result}")
        + (children is null ? string.Empty : $" [{string.Join(", ", children)}]");

    private static string? Show(JsonElement? result) => result?.GetRawText().Replace(" ", string.Empty, StringComparison.Ordinal);

    private static string Show(object? result) => result switch
    {
        null => "null",
        System.Collections.IEnumerable list and not string => $"[{string.Join(',', list.Cast<object?>().Select(Show))}]",
        _ => $"{result}",
    };

    // What the document does not hold, and what was computed from it.
    private static HashSet<string> Unknown(GraphRow row, GraphDocument? given)
    {
        HashSet<string> unknown = given is null ? [] : [.. given.WithoutResult()];
        foreach (var task in row.Tasks.Where(task => task.Inputs.Concat(task.Map).Any(unknown.Contains)))
            unknown.Add(task.Name);
        return unknown;
    }
}
