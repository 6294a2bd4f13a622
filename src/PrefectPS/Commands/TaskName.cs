using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using PrefectPS.Flows;

namespace PrefectPS.Commands;

/// <summary>What a name given to a cmdlet means in a flow: tasks of exactly that name, a child of a mapped task, or a wildcard.</summary>
internal sealed class TaskName
{
    private static readonly TimeSpan MatchTime = TimeSpan.FromSeconds(1);
    private static readonly Regex IndexAtStart = new(@"^\[(?<index>\d+)\]", RegexOptions.ExplicitCapture, MatchTime);
    private static readonly Regex IndexOfSubflow = new(@"\[\d+\]/", RegexOptions.None, MatchTime);

    private readonly List<Address> _addresses = [];
    private readonly WildcardPattern? _pattern;

    /// <param name="flow">The flow.</param>
    /// <param name="text">The name.</param>
    /// <param name="run">A run of it; null where there is none. One that was read without its flow shows by its children alone which tasks are mapped.</param>
    public TaskName(Flow flow, string text, FlowState? run)
    {
        Text = text;
        FindAddresses(flow, text, path: [], run);
        if (_addresses.Count == 0 && WildcardPattern.Unescape(text) is var plain && plain != text)
            FindAddresses(flow, plain, path: [], run);
        if (_addresses.Exists(address => address.Child is null))
            _addresses.RemoveAll(address => address.Child is not null);
        if (_addresses.Count == 0 && WildcardPattern.ContainsWildcardCharacters(text))
            _pattern = TaskSelector.Pattern(text);
    }

    /// <summary>The name as it was given.</summary>
    public string Text { get; }

    /// <summary>Whether the flow has no such task, and it is no wildcard.</summary>
    public bool IsMissing => _addresses.Count == 0 && _pattern is null;

    /// <summary>Whether it names children of mapped tasks, which only a run has.</summary>
    public bool NamesChild => _addresses.Count > 0 && _addresses.TrueForAll(address => address.Child is not null || address.HasIndex);

    /// <summary>Whether it names a task or, with an index, a child.</summary>
    /// <param name="task">The task.</param>
    /// <param name="child">Which child of the mapped task it is; null for the task itself.</param>
    /// <param name="path">The path of the subflow that the task is in, with a slash behind it.</param>
    public bool IsOf(FlowTask task, int? child, string path) =>
        _addresses.Exists(address => address.Is(task, path) && address.Child == child)
        || (child is null && _pattern is not null && (FitsPattern(task, path) || (path.Contains('[') && FitsPattern(task, WithoutSubflowIndexes(path)))));

    /// <summary>A path without the indexes of the children whose subflows it goes through: as in the flow, where no child is.</summary>
    public static string WithoutSubflowIndexes(string path) => IndexOfSubflow.Replace(path, "/");

    /// <summary>Whether it names some child of a task.</summary>
    public bool IsOfChild(FlowTask task, string path) => _addresses.Exists(address => address.Is(task, path) && address.Child is not null);

    /// <summary>Whether all that it names is a task of the flow itself, or is in that.</summary>
    public bool IsWithin(FlowTask task) => _addresses.TrueForAll(address => address.IsWithin(task));

    private bool FitsPattern(FlowTask task, string path) => _pattern!.IsMatch(path + task.Name) || _pattern.IsMatch(path + task.Slug);

    // Names may hold slashes and brackets themselves, so each task is tried as what the rest of the text begins with.
    private void FindAddresses(Flow flow, string rest, (string Slug, int? Child)[] path, FlowState? run)
    {
        foreach (var task in flow.Tasks)
        {
            foreach (var name in new[] { task.Slug, task.Name }.Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (rest.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                    FindAddresses(task, rest.Substring(name.Length), path, isMapped: task.IsMapped || run?.Tasks[task.Index].Children.Count > 0);
            }
        }
    }

    private void FindAddresses(FlowTask task, string rest, (string Slug, int? Child)[] path, bool isMapped)
    {
        var child = isMapped ? TakeIndex(ref rest) : null;
        if (rest.Length == 0)
            _addresses.Add(new(path, task.Slug, child));
        else if (rest[0] == '/' && task.Subflow is { } subflow)
            FindAddresses(subflow, rest.Substring(1), [.. path, (task.Slug, child)], run: null);
    }

    private static int? TakeIndex(ref string rest)
    {
        if (IndexAtStart.Match(rest) is not { Success: true } match
            || !int.TryParse(match.Groups["index"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return null;
        rest = rest.Substring(match.Length);
        return index;
    }

    /// <summary>A task's place: the subflows it is in, each in one child or in all, its slug, and which child of it.</summary>
    private sealed record Address((string Slug, int? Child)[] Path, string Slug, int? Child)
    {
        public bool HasIndex => Array.Exists(Path, part => part.Child is not null);

        public bool IsWithin(FlowTask task) => Same(task.Slug, Path.Length > 0 ? Path[0].Slug : Slug);

        public bool Is(FlowTask task, string path)
        {
            if (!Same(task.Slug, Slug))
                return false;
            foreach (var (slug, child) in Path)
            {
                if (!path.StartsWith(slug, StringComparison.OrdinalIgnoreCase))
                    return false;
                path = path.Substring(slug.Length);
                var index = IndexAtStart.Match(path).Value;
                if (child is { } wanted && index != $"[{wanted.ToString(CultureInfo.InvariantCulture)}]")
                    return false;
                path = path.Substring(index.Length);
                if (path.Length == 0 || path[0] != '/')
                    return false;
                path = path.Substring(1);
            }

            return path.Length == 0;
        }

        private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
    }
}
