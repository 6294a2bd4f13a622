namespace PrefectPS.Flows;

/// <summary>Path of a task: its slug, preceded by those of the enclosing subflow tasks, outermost first. Immutable, case-insensitive.</summary>
public sealed class TaskPath(IReadOnlyList<string> slugs) : IEquatable<TaskPath>
{
    /// <summary>The slugs; never empty.</summary>
    internal IReadOnlyList<string> Slugs { get; } = slugs;

    /// <summary>Slug of the task in the flow itself.</summary>
    internal string First => Slugs[0];

    /// <summary>Path inside the first task's subflow; null if the path ends with the first task.</summary>
    public TaskPath? Inside => Slugs.Count == 1 ? null : new([.. Slugs.Skip(1)]);

    /// <summary>True if the path names this task, in any children of mapped tasks.</summary>
    /// <param name="task">The task.</param>
    /// <param name="path">Path of the task's subflow, with a trailing slash: <c>s[2]/</c>.</param>
    internal bool Names(FlowTask task, string path)
    {
        if (!IsSame(task.Slug, Slugs[Slugs.Count - 1]))
            return false;
        var at = 0;
        for (var i = 0; i < Slugs.Count - 1; i++)
        {
            var slug = Slugs[i];
            if (string.Compare(path, at, slug, 0, slug.Length, StringComparison.OrdinalIgnoreCase) != 0)
                return false;
            at = EndOfIndex(path, at + slug.Length);
            if (at >= path.Length || path[at] != '/')
                return false;
            at++;
        }

        return at == path.Length;
    }

    /// <inheritdoc/>
    public bool Equals(TaskPath? other) => other is not null && Slugs.SequenceEqual(other.Slugs, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TaskPath);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Slugs[Slugs.Count - 1]);

    /// <summary>The path with slashes.</summary>
    public override string ToString() => string.Join("/", Slugs);

    private static int EndOfIndex(string path, int at) =>
        at < path.Length && path[at] == '[' && path.IndexOf(']', at) is var end and > 0 ? end + 1 : at;

    private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
