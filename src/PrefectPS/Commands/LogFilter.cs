using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS.Commands;

/// <summary>
/// Which lines of a log are wanted. A task's name means the task, its children and what is in its subflow; in a mapped task's subflow that of any child, unless an index
/// says which. Else it is a wildcard. That lines were dropped is told whatever streams are wanted.
/// </summary>
internal sealed class LogFilter(string[]? tasks, FlowLogSource[]? streams)
{
    private readonly (string Name, WildcardPattern Pattern)[]? _tasks = tasks is null ? null : [.. tasks.Select(name => (name, TaskSelector.Pattern(name)))];

    /// <summary>Whether a line is wanted.</summary>
    public bool Takes(FlowLogEntry entry) =>
        (streams is null || streams.Contains(entry.Stream) || entry.Stream == FlowLogSource.Dropped)
        && (_tasks is null || Array.Exists(_tasks, task =>
            IsOf(entry.Task, task.Name) || IsOf(TaskName.WithoutSubflowIndexes(entry.Task), task.Name) || task.Pattern.IsMatch(entry.Task)));

    private static bool IsOf(string slug, string name) =>
        slug.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (slug.Length == name.Length || slug[name.Length] is '[' or '/');
}
