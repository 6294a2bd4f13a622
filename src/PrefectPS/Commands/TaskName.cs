using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using PrefectPS.Flows;

namespace PrefectPS.Commands;

/// <summary>Resolves a task name in a flow: tasks with exactly that name, a child of a mapped task, or a wildcard.</summary>
internal sealed class TaskName
{
    private static readonly TimeSpan MatchTime = TimeSpan.FromSeconds(1);
    private static readonly Regex IndexAtStart = new(@"^\[(?<index>\d+)\]", RegexOptions.ExplicitCapture, MatchTime);
    private static readonly Regex IndexOfSubflow = new(@"\[\d+\]/", RegexOptions.None, MatchTime);

    private readonly List<Address> _addresses = [];
    private readonly List<(Place Child, string Behind)> _inChildren = []; // the rest of the name after each child in its path
    private readonly Place _place = Place.Run; // the place of the tasks that the wildcard matches
    private readonly WildcardPattern? _pattern;

    /// <param name="flow">The flow.</param>
    /// <param name="text">The name.</param>
    /// <param name="run">A run of the flow; null for none. If it was read without its flow, only its children show which tasks are mapped.</param>
    public TaskName(Flow flow, string text, FlowState? run)
    {
        Text = text;
        FindAddresses(flow, text, Place.Run, run);
        (_place, var rest) = _inChildren.Append((Child: _place, Behind: text)).OrderBy(child => child.Behind.Length).First(); // the brackets of a child are not wildcard characters
        if (_addresses.Count == 0 && WildcardPattern.Unescape(text) is var plain && plain != text)
            FindAddresses(flow, plain, Place.Run, run);
        if (_addresses.Exists(address => address.Child is null))
            _addresses.RemoveAll(address => address.Child is not null);
        if (_addresses.Count == 0 && WildcardPattern.ContainsWildcardCharacters(rest))
            _pattern = TaskSelector.Pattern(rest);
    }

    /// <summary>The original name.</summary>
    public string Text { get; }

    /// <summary>True if the flow has no such task, and the name is not a wildcard.</summary>
    public bool IsMissing => _addresses.Count == 0 && _pattern is null;

    /// <summary>True if it names children of mapped tasks, which only a run has.</summary>
    public bool NamesChild => _addresses.Count > 0 && _addresses.TrueForAll(address => address.Child is not null || address.Place.HasIndex);

    /// <summary>True if it names a task or, with an index, a child.</summary>
    /// <param name="task">The task.</param>
    /// <param name="child">Which child of the mapped task it is; null for the task itself.</param>
    /// <param name="path">The path of the subflow that the task is in, with a slash behind it.</param>
    public bool IsOf(FlowTask task, int? child, string path) =>
        _addresses.Exists(address => address.Is(task, path) && address.Child == child)
        || (child is null && _pattern is not null && _place.Rest(path) is { } rest
            && (FitsPattern(task, rest) || (rest.Contains('[') && FitsPattern(task, WithoutSubflowIndexes(rest)))));

    /// <summary>A path without child indexes, as in the flow definition.</summary>
    public static string WithoutSubflowIndexes(string path) => IndexOfSubflow.Replace(path, "/");

    /// <summary>True if it names some child of a task.</summary>
    public bool IsOfChild(FlowTask task, string path) => _addresses.Exists(address => address.Is(task, path) && address.Child is not null);

    /// <summary>True if every selected task is a task of the flow, or in one of its subflows.</summary>
    public bool IsWithin(FlowTask task) => _addresses.TrueForAll(address => address.IsWithin(task));

    private bool FitsPattern(FlowTask task, string path) => _pattern!.IsMatch(path + task.Name) || _pattern.IsMatch(path + task.Slug);

    // Names may hold slashes and brackets themselves, so each task is tried as what the rest of the text begins with.
    private void FindAddresses(Flow flow, string rest, Place place, FlowState? run)
    {
        foreach (var task in flow.Tasks)
        {
            foreach (var name in new[] { task.Slug, task.Name }.Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (rest.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                    FindAddresses(task, rest.Substring(name.Length), place, isMapped: task.IsMapped || run?.Tasks[task.Index].Children.Count > 0);
            }
        }
    }

    private void FindAddresses(FlowTask task, string rest, Place place, bool isMapped)
    {
        var child = isMapped ? TakeIndex(ref rest) : null;
        if (rest.Length == 0)
            _addresses.Add(new(place, task.Slug, child));
        if (rest.Length == 0 || rest[0] != '/')
            return;
        var (inside, behind) = (place.In(task.Slug, child), rest.Substring(1));
        if (child is not null)
            _inChildren.Add((inside, behind));
        if (task.Subflow is { } subflow)
            FindAddresses(subflow, behind, inside, run: null);
    }

    private static int? TakeIndex(ref string rest)
    {
        if (IndexAtStart.Match(rest) is not { Success: true } match
            || !int.TryParse(match.Groups["index"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return null;
        rest = rest.Substring(match.Length);
        return index;
    }

    /// <summary>The subflows that a task is in, each in one child or in all.</summary>
    private sealed class Place((string Slug, int? Child)[] parts)
    {
        public static readonly Place Run = new([]);

        public bool HasIndex => Array.Exists(parts, part => part.Child is not null);

        /// <summary>The slug of the task of the run itself that it is in; null if it is in none.</summary>
        public string? Outermost => parts.Length > 0 ? parts[0].Slug : null;

        public Place In(string slug, int? child) => new([.. parts, (slug, child)]);

        /// <summary>The rest of a path below this location; null if the path is not below it.</summary>
        public string? Rest(string path)
        {
            foreach (var (slug, child) in parts)
            {
                if (!path.StartsWith(slug, StringComparison.OrdinalIgnoreCase))
                    return null;
                path = path.Substring(slug.Length);
                var index = IndexAtStart.Match(path).Value;
                if (child is { } wanted && index != $"[{wanted.ToString(CultureInfo.InvariantCulture)}]")
                    return null;
                path = path.Substring(index.Length);
                if (path.Length == 0 || path[0] != '/')
                    return null;
                path = path.Substring(1);
            }

            return path;
        }
    }

    /// <summary>A task's address: where it is, its slug, and which child of it.</summary>
    private sealed record Address(Place Place, string Slug, int? Child)
    {
        public bool IsWithin(FlowTask task) => Same(task.Slug, Place.Outermost ?? Slug);

        public bool Is(FlowTask task, string path) => Same(task.Slug, Slug) && Place.Rest(path) is { Length: 0 };

        private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
    }
}
