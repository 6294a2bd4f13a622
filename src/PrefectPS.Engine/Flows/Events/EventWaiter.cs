using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>A task or child, with its state, that an event is addressed to.</summary>
/// <param name="Path">Slug of the task within the run, subflows included: <c>s/ask</c>, <c>ask[2]</c>.</param>
/// <param name="Task">The task.</param>
/// <param name="State">The task's state.</param>
public sealed record EventWaiter(string Path, FlowTask Task, State State)
{
    /// <summary>True if the task waits for the event now.</summary>
    public bool IsWaiting => State.Event is { IsWaiting: true };

    /// <summary>True if the task waits for the event or may still do so.</summary>
    public bool CanTake => (!State.IsFinished || State.IsCancelledByBudget) && State.Event is null or { IsWaiting: true };

    /// <summary>Finds the tasks of a run that an event is addressed to, waiting or not yet; children of mapped tasks one by one.</summary>
    public static IEnumerable<EventWaiter> In(FlowState run, string name) => In(run.Flow, run.States, name, path: string.Empty);

    /// <summary>True if a task of the run or of a subflow run has taken the event.</summary>
    public static bool HasTaken(FlowState run, string id) => HasTaken(run.States, id);

    private static IEnumerable<EventWaiter> In(Flow flow, State[]? states, string name, string path)
    {
        foreach (var task in flow.Plan.Tasks)
        {
            var state = states?[task.Index] ?? State.NotRun;
            var slug = path + task.Slug;
            foreach (var (own, each) in state.Children is { } children ? children.Select((child, index) => (ChildSlug.Of(slug, index), child)) : [(slug, state)])
            {
                if (IsFor(task, each, name))
                    yield return new(own, task, each);
                if (task.Subflow is not { } inner)
                    continue;
                foreach (var waiter in In(inner, each.SubflowRun?.States, name, $"{own}/"))
                    yield return each.IsFinished ? waiter with { State = each } : waiter;
            }
        }
    }

    private static bool IsFor(FlowTask task, State state, string name) =>
        state.Event is { } own ? string.Equals(own.Name, name, StringComparison.OrdinalIgnoreCase) : task.EventName?.CanRender(name) == true;

    private static bool HasTaken(State[] states, string id) => Array.Exists(
        states, state => state.Event?.Id == id || (state.Children is { } children && HasTaken(children, id)) || (state.SubflowRun is { } subflow && HasTaken(subflow.States, id)));
}
