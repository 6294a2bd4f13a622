using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>Derives a history from the states of a run: the last start and end of each task's body.</summary>
public static class StateHistory
{
    /// <summary>The known state changes, oldest first.</summary>
    public static IEnumerable<FlowTransition> Of(FlowState run) => Of(run, run, path: string.Empty).OrderBy(transition => transition.Time);

    private static IEnumerable<FlowTransition> Of(FlowState root, FlowState run, string path) =>
        run.Tasks.SelectMany(task => task.Children.Prepend(task)).SelectMany(task => Of(root, task, path));

    private static IEnumerable<FlowTransition> Of(FlowState root, FlowTaskState task, string path)
    {
        var state = task.Inner;
        if (state.Started is { } started)
            yield return Make(root, path + task.Slug, started, null, StateType.Running, StateMessages.Starting);
        if (state is { Started: not null, Ended: { } ended })
            yield return Make(root, path + task.Slug, ended, StateType.Running, state.Type, state.Message);
        foreach (var inner in state.SubflowRun is not { } subflow ? [] : Of(root, subflow, $"{path}{task.Slug}/"))
            yield return inner;
    }

    private static FlowTransition Make(FlowState root, string slug, DateTimeOffset time, StateType? from, StateType to, string? message) =>
        new(root.Flow.Name, root.RunId, step: null) { Time = time, Task = slug, FromType = from, ToType = to, Message = message };
}
