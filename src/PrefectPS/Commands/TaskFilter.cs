using System.Management.Automation;
using System.Text.RegularExpressions;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Commands;

/// <summary>Chooses tasks by name or slug and by tag, with wildcards; what is not given chooses all. A task of a subflow goes by <c>task/inner</c>.</summary>
internal sealed class TaskFilter(string[]? names, string[]? tags)
{
    private readonly WildcardPattern[]? _names = Compile(names);
    private readonly WildcardPattern[]? _tags = Compile(tags);

    /// <summary>Whether a name asks for tasks of subflows.</summary>
    public bool LooksIntoSubflows { get; } = names?.Any(name => name.Contains('/')) == true;

    /// <param name="task">The task.</param>
    /// <param name="path">What stands before the names of a subflow's tasks: the task it is the body of, and <c>/</c>.</param>
    public bool Matches(FlowTask task, string path = "") =>
        (_names is null || _names.Any(p => p.IsMatch(path + task.Name) || p.IsMatch(path + task.Slug)))
        && (_tags is null || _tags.Any(p => task.Tags.Any(p.IsMatch)));

    /// <summary>The tasks of a flow that it chooses, and where a name asks for them those of subflows.</summary>
    public IEnumerable<FlowTask> ChooseFrom(Flow flow, string path = "")
    {
        foreach (var task in flow.Tasks)
        {
            if (Matches(task, path))
                yield return task;
            foreach (var inner in LooksIntoSubflows && task.Subflow is { } subflow ? ChooseFrom(subflow, $"{path}{task.Slug}/") : [])
                yield return inner;
        }
    }

    /// <summary>The tasks of a run that it chooses, each with what stands before its slug, and where a name asks for them those of subflows.</summary>
    public IEnumerable<(FlowTaskState Task, string Path)> ChooseFrom(FlowState run, string path = "")
    {
        foreach (var task in run.Tasks)
        {
            if (Matches(task.Task, path))
                yield return (task, path);
            foreach (var part in LooksIntoSubflows ? task.Children.Prepend(task) : [])
            {
                foreach (var inner in part.Subflow is { } subrun ? ChooseFrom(subrun, $"{path}{part.Slug}/") : [])
                    yield return inner;
            }
        }
    }

    /// <summary>The names without wildcards that neither the flow has nor its subflows.</summary>
    public IEnumerable<string> NamesMissingIn(Flow flow) =>
        (names ?? []).Where(name => !WildcardPattern.ContainsWildcardCharacters(name) && !Has(flow, WithoutIndexes(name), string.Empty));

    // Which children a mapped task has is only known in a run.
    private static string WithoutIndexes(string name) => Regex.Replace(WildcardPattern.Unescape(name), @"\[\d+\]/", "/", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static bool Has(Flow flow, string name, string path) => flow.Tasks.Any(task =>
        string.Equals(name, path + task.Name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, path + task.Slug, StringComparison.OrdinalIgnoreCase)
        || (task.Subflow is { } subflow && Has(subflow, name, $"{path}{task.Slug}/")));

    private static WildcardPattern[]? Compile(string[]? patterns) =>
        patterns is null ? null : [.. patterns.Select(p => new WildcardPattern(p, WildcardOptions.IgnoreCase))];
}
