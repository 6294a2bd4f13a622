using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Commands;

/// <summary>Chooses tasks by name or slug and by tag, with wildcards; what is not given chooses all.</summary>
internal sealed class TaskFilter(string[]? names, string[]? tags)
{
    private readonly WildcardPattern[]? _names = Compile(names);
    private readonly WildcardPattern[]? _tags = Compile(tags);

    public bool Matches(FlowTask task) =>
        (_names is null || _names.Any(p => p.IsMatch(task.Name) || p.IsMatch(task.Slug)))
        && (_tags is null || _tags.Any(p => task.Tags.Any(p.IsMatch)));

    /// <summary>The names without wildcards that the flow does not have.</summary>
    public IEnumerable<string> NamesMissingIn(Flow flow) =>
        (names ?? []).Where(name => !WildcardPattern.ContainsWildcardCharacters(name) && flow.Find(name) is null);

    private static WildcardPattern[]? Compile(string[]? patterns) =>
        patterns is null ? null : [.. patterns.Select(p => new WildcardPattern(p, WildcardOptions.IgnoreCase))];
}
