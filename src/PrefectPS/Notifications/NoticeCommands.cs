using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Notifications;

/// <summary>The lines that look at a run on record, and go on with it, as they can be pasted into a console.</summary>
internal static class NoticeCommands
{
    private const string Look = "Look at it";

    /// <summary>Those of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="store">Its store.</param>
    /// <param name="tasks">The tasks that say why, by their paths.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(FlowState run, string store, IEnumerable<(string Path, State State)> tasks)
    {
        var found = Find(store, run.Flow.Name, run.RunId);
        var waiting = tasks.FirstOrDefault(each => each.State.CanBeApproved);
        return
        [
            new(Look, $"{found} | Get-FlowTask"),
            new("What its tasks wrote", $"{found} | Get-FlowLog -Tail 50"),
            run.IsStopped ? new("Go on after all", $"{found} | Resume-FlowRun -Force")
            : run.IsSuspended ? new("Go on", $"{found} | Resume-FlowRun")
            : run.IsOver && run.StateType == StateType.Success ? new("Its results", $"{found} | Get-FlowResult")
            : run.IsOver ? new("Run again what failed, where $flow is the flow", RunAgain(run))
            : waiting is not { State: { } state } ? new("Go on, where $flow is the flow", $"Invoke-FlowStep $flow -RunId {Quote(run.RunId)}")
            : state.Event is { } awaited ? new($"Send what {waiting.Path} waits for", $"{found} | Send-FlowEvent -Name {Quote(awaited.Name)} -Payload @{{ }}")
            : new($"Approve {waiting.Path}, where $flow is the flow", $"{OfFlow(run.RunId)} | Set-FlowTaskState -Task {Quote(waiting.Path)} -To Resume"),
        ];
    }

    /// <summary>Those of a run of whose tasks nothing is known.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(FlowRun run) => [new(Look, $"{Find(run.Store, run.Flow, run.RunId)} | Get-FlowTask")];

    /// <summary>The line that runs again what has ended badly in a run that is over, whichever way: it failed or took too long.</summary>
    public static string RunAgain(FlowState run)
    {
        var bad = run.Tasks.Concat(TaskLeaves.Of(run, EndedBadly).Select(each => each.State)).Where(EndedBadly).Select(each => each.StateType).Distinct().ToList();
        if (bad.Exists(each => each != StateType.TriggerFailed))
            bad.Remove(StateType.TriggerFailed); // it comes after one of the others
        var from = string.Join(", ", bad.DefaultIfEmpty(run.StateType).OrderBy(each => each));
        return $"{OfFlow(run.RunId)} | Set-FlowTaskState -From {from} -To Pending -IncludeDownstream | Invoke-FlowStep";
    }

    private static bool EndedBadly(FlowTaskState task) => task.StateType.IsFailed();

    private static string Find(string store, string flow, string runId) => $"Get-FlowRun -Store {Quote(store)} -FlowName {Quote(flow)} -RunId {Quote(runId)}";

    private static string OfFlow(string runId) => $"Get-FlowRun $flow -RunId {Quote(runId)}";

    private static string Quote(string text) => $"'{text.Replace("'", "''")}'";
}
