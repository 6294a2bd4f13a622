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
    /// The state of a mapped task whose upstream tasks have ended: Mapped, with a child for each element of its shortest input;
    /// Failed where there is nothing that can be mapped over.
    /// </summary>
    public static State Expand(FlowTask task, RunStateView states, bool forceRerun)
    {
        int? count = null;
        var inputs = states.Plan.Inputs[task.Index];
        for (var i = 0; i < task.MapCount; i++)
        {
            var upstream = states.States[inputs[i]];
            if (upstream.Children is null && !upstream.IsSuccessful)
                continue;
            if (states.ElementsOf(inputs[i], task.Flatten) is not { } elements)
                return Unmappable(task, i, upstream);
            count = Math.Min(count ?? int.MaxValue, elements.Count);
        }

        return count is { } children
            ? new(StateType.Mapped, StateMessages.ReadyToMap) { Children = NotRun(children, forceRerun) }
            : new(StateType.Failed, StateMessages.NothingToMap);
    }

    /// <summary>What can be mapped over of a state's result; null where it is no list.</summary>
    /// <remarks>Nothing is an empty list, and one object a list of it, as they come out of a script block; a number is a number.</remarks>
    public static IList? ElementsOf(State upstream, bool flatten)
    {
        var elements = upstream.Children ?? upstream.ReadResult() switch
        {
            null => Array.Empty<object>(),
            IList list and not byte[] => list,
            ValueType => null,
            var single => new[] { single },
        };
        return flatten && elements is not null ? Flatten(elements) : elements;
    }

    private static List<object?> Flatten(IList elements)
    {
        var flat = new List<object?>();
        foreach (var element in elements)
        {
            var value = element is State child ? child.ReadResult() : element;
            if (value is IList list)
                flat.AddRange(list.Cast<object?>());
            else
                flat.Add(value);
        }

        return flat;
    }

    private static State Unmappable(FlowTask task, int input, State upstream)
    {
        var name = task.InputFrom[input].Value;
        return new(StateType.Failed, StateMessages.Unmappable)
        {
            Error = new($"The result of task '{name}' is {(upstream.IsResultSecret ? SecretMask.Mark : upstream.ReadResult())}, which is no list. A task that may put out a single number makes a list of it by: ,@(...)")
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
