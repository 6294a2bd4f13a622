using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Trees;

/// <summary>A node of the tree: a task or a child, below its deepest upstream task.</summary>
/// <param name="name">The name.</param>
/// <param name="slug">The slug.</param>
/// <param name="state">The state; null for a flow.</param>
internal sealed class TreeNode(string name, string slug, FlowTaskState? state)
{
    public string Name => name;

    public string Slug => slug;

    public StateType? State => state?.StateType;

    public TimeSpan? Duration => state?.Duration;

    public string? Message => state?.Message;

    /// <summary>The parent; null for a root.</summary>
    public TreeNode? Above { get; init; }

    /// <summary>The number of tasks before it in sequence.</summary>
    public int Level { get; set; }

    /// <summary>Its other upstream tasks.</summary>
    public IReadOnlyList<string> AlsoAfter { get; init; } = [];

    /// <summary>The children of a mapped task, or the roots of a subflow.</summary>
    public List<TreeNode> Inside { get; init; } = [];

    /// <summary>The child nodes.</summary>
    public List<TreeNode> Below { get; } = [];

    /// <summary>The size of its subtree.</summary>
    public int Size { get; set; } = 1;

    /// <summary>The name without its number, shared by similar tasks.</summary>
    public string Prefix { get; } = PrefixOf(name);

    /// <summary>True if both have the same state and name prefix.</summary>
    public bool IsAlike(TreeNode other) => State == other.State && string.Equals(Prefix, other.Prefix, StringComparison.Ordinal);

    private static string PrefixOf(string name)
    {
        var end = 0;
        while (end < name.Length && (char.IsLetter(name[end]) || char.IsSurrogate(name[end])))
            end++;
        return end == 0 ? name : name.Remove(end);
    }
}
