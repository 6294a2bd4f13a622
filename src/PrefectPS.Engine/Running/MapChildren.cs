using System.Collections;
using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>What a mapped task maps over. Follows <c>prepare_upstream_states_for_mapping</c> of <c>prefect.utilities.executors</c>.</summary>
internal static class MapChildren
{
    /// <summary>The slug of a child, or of the task itself where there is no index.</summary>
    public static string Slug(FlowTask task, int? index) => index is { } child ? Slug(task.Slug, child) : task.Slug;

    /// <summary>The slug of a child of the task that goes by a slug.</summary>
    public static string Slug(string task, int index) => $"{task}[{index.ToString(CultureInfo.InvariantCulture)}]";

    /// <summary>
    /// The state of a mapped task whose upstream tasks have ended: Mapped, with a child for each element of its shortest input; Failed where nothing can be
    /// mapped over. A mapped input that failed to map has no elements; any other that failed counts for none.
    /// </summary>
    public static State Expand(FlowTask task, RunStateView states, bool forceRerun)
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

        return new(StateType.Mapped, StateMessages.ReadyToMap) { Children = NotRun(count ?? 0, forceRerun) };
    }

    /// <summary>What can be mapped over of a state's result; null where it is no list.</summary>
    /// <remarks>
    /// A result of which nothing is known is no list. Nothing is an empty list, and one object a list of it, as they come out of a script block; a number is
    /// a number.
    /// </remarks>
    public static IList? ElementsOf(State upstream, bool flatten)
    {
        if (upstream.Children is null && upstream.LacksResult)
            return null;
        var elements = upstream.Children ?? upstream.ReadResult() switch
        {
            null => Array.Empty<object>(),
            IList list and not byte[] => list,
            ValueType => null,
            var single => new[] { single },
        };
        return flatten && elements is not null ? FlatList.Of(elements) : elements;
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

    private static State[] NotRun(int count, bool forceRerun)
    {
        var child = State.NewChild(forceRerun);
        var children = new State[count];
        for (var i = 0; i < count; i++)
            children[i] = child;
        return children;
    }
}
