using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Notifications;

/// <summary>Commands to inspect and continue a recorded run, to paste into a console.</summary>
internal static class NoticeCommands
{
    private const string Look = "Look at it";

    /// <summary>Those of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="store">Its store.</param>
    /// <param name="tasks">The tasks that explain the state, by path.</param>
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

    /// <summary>The commands for a run whose tasks are not known.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(FlowRun run) => [new(Look, $"{Find(run.Store, run.Flow, run.RunId)} | Get-FlowTask")];

    /// <summary>The command that reruns all tasks of a finished run that failed or timed out.</summary>
    public static string RunAgain(FlowState run)
    {
        var bad = run.Tasks.Concat(TaskLeaves.Of(run, EndedBadly).Select(each => each.State)).Where(EndedBadly).Select(each => each.StateType).Distinct().ToList();
        if (bad.Exists(each => each != StateType.TriggerFailed))
            bad.Remove(StateType.TriggerFailed); // it is downstream of one of the others
        var from = string.Join(", ", bad.DefaultIfEmpty(run.StateType).OrderBy(each => each));
        return $"{OfFlow(run.RunId)} | Set-FlowTaskState -From {from} -To Pending -IncludeDownstream | Invoke-FlowStep";
    }

    private static bool EndedBadly(FlowTaskState task) => task.StateType.IsFailed();

    private static string Find(string store, string flow, string runId) => $"Get-FlowRun -Store {Quote(store)} -FlowName {Quote(flow)} -RunId {Quote(runId)}";

    private static string OfFlow(string runId) => $"Get-FlowRun $flow -RunId {Quote(runId)}";

    private static string Quote(string text) => $"'{text.Replace("'", "''")}'";
}
