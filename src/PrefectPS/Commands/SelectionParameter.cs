using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Commands;

/// <summary>The tasks that -Task, -Tag and -FromTask ask for.</summary>
internal static class SelectionParameter
{
    /// <summary>What they ask for; null where none of them is given.</summary>
    /// <param name="flow">The flow whose tasks are named.</param>
    /// <param name="names">What -Task says; null for nothing.</param>
    /// <param name="tags">What -Tag says; null for nothing.</param>
    /// <param name="from">What -FromTask says; null for nothing.</param>
    /// <param name="scope">What may be done to a run that was begun already.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.TaskNotFound"/>: a name, pattern or tag chooses nothing. <see cref="FlowErrorId.SelectionInvalid"/>: one is of a child, or all
    /// together choose nothing.
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

    // Whose every task was asked for is the whole flow, tasks that it will have included.
    private static bool IsAll(Flow flow, RunSelection selection) =>
        selection is { From: null, Tasks: { } tasks } && tasks.Count(path => path.Inside is null) == flow.Tasks.Count;
}
