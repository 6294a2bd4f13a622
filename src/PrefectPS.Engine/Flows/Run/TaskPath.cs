namespace PrefectPS.Flows;

/// <summary>Names a task by its slug and, where it is in a subflow, by those of the tasks around it, the outermost first. Immutable; case does not matter.</summary>
public sealed class TaskPath(IReadOnlyList<string> slugs) : IEquatable<TaskPath>
{
    /// <summary>The slugs, of which there is one at least.</summary>
    internal IReadOnlyList<string> Slugs { get; } = slugs;

    /// <summary>The slug of the task in the flow itself.</summary>
    internal string First => Slugs[0];

    /// <summary>The path inside of the first task's subflow; null where the first task itself is named.</summary>
    public TaskPath? Inside => Slugs.Count == 1 ? null : new([.. Slugs.Skip(1)]);

    /// <summary>Whether a task is the one that is named, in whichever children of mapped tasks.</summary>
    /// <param name="task">The task.</param>
    /// <param name="path">The path of the subflow that it is in, with a slash behind it: <c>s[2]/</c>.</param>
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
