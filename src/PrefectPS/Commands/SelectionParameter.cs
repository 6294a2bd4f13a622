using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Commands;

/// <summary>Parses -Task, -Tag and -FromTask.</summary>
internal static class SelectionParameter
{
    /// <summary>The selection; null if none of them is given.</summary>
    /// <param name="flow">The flow whose tasks are named.</param>
    /// <param name="names">The value of -Task; null if not given.</param>
    /// <param name="tags">The value of -Tag; null if not given.</param>
    /// <param name="from">The value of -FromTask; null if not given.</param>
    /// <param name="scope">How the selection of an existing run may change.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.TaskNotFound"/>: a name, pattern or tag matches nothing. <see cref="FlowErrorId.SelectionInvalid"/>: one is of a child, or all
    /// together match nothing.
    /// </exception>
    public static SelectionChange? Resolve(Flow flow, string[]? names, string[]? tags, string[]? from, SelectionScope scope)
    {
        if (names is null && tags is null && from is null)
            return null;
        foreach (var tag in (tags ?? []).Where(tag => !new TaskSelector(flow, names: null, [tag]).PathsIn(flow).Any()))
            throw FlowErrors.TagNotFound(flow, tag);
        var tasks = names is null && tags is null ? null : PathsOf(flow, names, tags);
        var selection = new RunSelection(tasks, from is null ? null : PathsOf(flow, from, tags: null));
        if (selection.In(flow.Plan).Count == 0)
            throw FlowErrors.SelectionEmpty(flow);
        return new(IsAll(flow, selection) ? null : selection, scope);
    }

    private static TaskPath[] PathsOf(Flow flow, string[]? names, string[]? tags)
    {
        foreach (var name in names ?? [])
        {
            var one = new TaskSelector(flow, [name]);
            if (one.NamesOfChildren.Any())
                throw FlowErrors.SelectedPart(flow, name);
            if (!one.PathsIn(flow).Any())
                throw FlowErrors.TaskNotFound(flow, name);
        }

        return [.. new TaskSelector(flow, names, tags).PathsIn(flow)];
    }

    // Selecting all tasks means the whole flow, including tasks that are added later.
    private static bool IsAll(Flow flow, RunSelection selection) =>
        selection is { From: null, Tasks: { } tasks } && tasks.Count(path => path.Inside is null) == flow.Tasks.Count;
}
