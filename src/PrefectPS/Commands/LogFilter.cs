using System.Management.Automation;
using System.Text.RegularExpressions;
using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS.Commands;

/// <summary>
/// Which lines of a log are wanted. A task's name means the task, its children and what is in its subflow; in a mapped task's subflow that of any child, unless an index
/// says which. Else it is a wildcard. That lines were dropped is told whatever streams are wanted.
/// </summary>
internal sealed class LogFilter(string[]? tasks, FlowLogSource[]? streams)
{
    private static readonly Regex Index = new(@"\[[0-9]+\]", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private readonly HashSet<string> _found = [];
    private readonly (string Name, WildcardPattern Pattern)[]? _tasks = tasks is null ? null : [.. tasks.Select(name => (name, TaskSelector.Pattern(name)))];

    /// <summary>The names without wildcards that no line was of, of any stream.</summary>
    public string[] NotFound => [.. (tasks ?? []).Where(name => !_found.Contains(name) && !WildcardPattern.ContainsWildcardCharacters(WithoutIndexes(name)))];

    /// <summary>True if a line is wanted.</summary>
    public bool Takes(FlowLogEntry entry) =>
        IsOfTasks(entry) && (streams is null || streams.Contains(entry.Source) || entry.Source == FlowLogSource.Dropped);

    private bool IsOfTasks(FlowLogEntry entry)
    {
        if (_tasks is null)
            return true;
        var isOne = false;
        foreach (var (name, pattern) in _tasks)
        {
            if (!IsOf(entry.Task, name) && !IsOf(TaskName.WithoutSubflowIndexes(entry.Task), name) && !pattern.IsMatch(entry.Task))
                continue;
            isOne = true;
            _found.Add(name);
        }

        return isOne;
    }

    // To PowerShell an index is a wildcard.
    private static string WithoutIndexes(string name) => Index.Replace(name, string.Empty);

    private static bool IsOf(string slug, string name) =>
        slug.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (slug.Length == name.Length || slug[name.Length] is '[' or '/');
}
