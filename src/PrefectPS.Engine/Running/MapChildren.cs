using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>What a mapped task maps over. Follows <c>prepare_upstream_states_for_mapping</c> of <c>prefect.utilities.executors</c>.</summary>
internal static class MapChildren
{
    /// <summary>
    /// The state of a mapped task whose upstream tasks have ended: Mapped, with a child for each element of its shortest input; Failed where nothing can be
    /// mapped over. A mapped input that failed to map has no elements; any other that failed counts for none.
    /// </summary>
    /// <exception cref="FlowException">An input cannot be read, or it has too many elements: <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    public static State Expand(FlowTask task, RunStateView states, bool forceRerun, bool isResumed)
    {
        var inputs = states.Plan.Inputs[task.Index].AsSpan(0, task.MapCount);
        var canMap = false;
        foreach (var input in inputs)
            canMap |= states.States[input].Type.IsSuccessful();
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

        if (count > Limits.MaxChildren)
            throw FlowErrors.MapTooLarge(task, count.Value);
        return new(StateType.Mapped, StateMessages.ReadyToMap) { Children = NotRun(count ?? 0, State.NewChild(forceRerun, isResumed)) };
    }

    private static State Unmappable(FlowTask task, int input, State upstream)
    {
        var name = task.InputFrom[input].Value;
        return new(StateType.Failed, StateMessages.Unmappable)
        {
            Error = new(upstream.LacksResult
                ? $"The result of task '{name}' is not there: the task was skipped, ended by a signal without one, or the state document does not hold it."
                : $"The result of task '{name}' is {(upstream.IsResultSecret ? SecretMask.Mark : upstream.ReadResult())}, which is no list. "
                    + "A task that may put out a single number makes a list of it by: ,@(...)")
            {
                Id = FlowErrorId.ResultInvalid,
            },
        };
    }

    private static State[] NotRun(int count, State child)
    {
        var children = new State[count];
        for (var i = 0; i < count; i++)
            children[i] = child;
        return children;
    }
}
