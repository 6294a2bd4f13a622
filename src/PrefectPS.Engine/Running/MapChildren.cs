using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Expands a mapped task into children. Follows <c>prepare_upstream_states_for_mapping</c> of <c>prefect.utilities.executors</c>.</summary>
internal static class MapChildren
{
    /// <summary>
    /// State of a mapped task whose upstream tasks have ended: Mapped, with a child per element of its shortest input, or Failed if nothing can be mapped
    /// over. A mapped input that failed to map has no elements; any other failed input is ignored.
    /// </summary>
    /// <exception cref="FlowException">An input cannot be read, or it has too many elements: <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    public static State Expand(FlowTask task, RunStateView states, RunIdentity run, bool forceRerun, bool isResumed)
    {
        var inputs = states.Plan.Inputs[task.Index].AsSpan(0, task.MapCount);
        var canMap = inputs.Length == 0;
        foreach (var input in inputs)
            canMap |= IsMappable(states.States[input]);
        if (!canMap)
            return new(StateType.Failed, StateMessages.NothingToMap);

        int? count = null;
        for (var i = 0; i < inputs.Length; i++)
        {
            var upstream = states.States[inputs[i]];
            if (!upstream.Type.IsSuccessful())
                count = states.Plan.Tasks[inputs[i]].IsMapped ? 0 : count;
            else if (states.ElementsOf(inputs[i], task.Flatten) is { } elements)
                count = Math.Min(count ?? int.MaxValue, elements.Count);
            else
                return Unmappable(task, i, upstream);
        }

        for (var i = 0; i < task.MapSources.Count; i++)
        {
            if (states.ElementsOf(task, i, run) is not { } elements)
                return Unmappable(task.MapSources[i], run);
            count = Math.Min(count ?? int.MaxValue, elements.Count);
        }

        if (count > Limits.MaxChildren)
            throw FlowErrors.MapTooLarge(task, count.Value);
        if (count > 0 && !states.HasRoomFor(task, count.Value))
            throw FlowErrors.RunTooLarge(task, count.Value);
        return task.Goal?.IsBeyond(count ?? 0) == true
            ? TooFew(task.Goal, count ?? 0)
            : State.Map(NotRun(count ?? 0, State.NewChild(forceRerun, isResumed)), task.Goal);
    }

    // A task that missed its goal still yields its succeeded children.
    private static bool IsMappable(State upstream) => upstream.Type.IsSuccessful() && (upstream.Goal is null || !upstream.IsFailed || upstream.CountedChildren is { Length: > 0 });

    private static State TooFew(MapGoal goal, int count)
    {
        var message = StateMessages.TooFewToMap(goal, count);
        return new(StateType.Failed, message) { Error = new(message) { Id = FlowErrorId.ResultInvalid } };
    }

    private static State Unmappable(FlowTask task, int input, State upstream)
    {
        var name = task.InputFrom[input].Value;
        return new(StateType.Failed, StateMessages.Unmappable)
        {
            Error = new(upstream.LacksResult
                ? $"The result of task '{name}' does not exist: the task was skipped, ended with a signal without a result, or the state document does not contain it."
                : $"The result of task '{name}' is {(upstream.IsResultSecret ? SecretMask.Mark : upstream.ReadResult())}, which is not a list. "
                    + "A task that may return a single number returns a list with: ,@(...)")
            {
                Id = FlowErrorId.ResultInvalid,
            },
        };
    }

    private static State Unmappable(MapSource source, RunIdentity run) => new(StateType.Failed, StateMessages.Unmappable)
    {
        Error = new($"The value of parameter '{source.Parameter}' is {(run.IsSecret(source.Parameter!) ? SecretMask.Mark : source.In(run))}, which is not a list. "
            + "Declare the parameter as an array, [int[]] $x, so that it is always a list.")
        {
            Id = FlowErrorId.ResultInvalid,
        },
    };

    private static State[] NotRun(int count, State child)
    {
        var children = new State[count];
        for (var i = 0; i < count; i++)
            children[i] = child;
        return children;
    }
}
