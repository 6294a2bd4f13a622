using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Trees;

/// <summary>A task, or a child of a mapped one, in the tree: it stands below the last of those it waits for.</summary>
/// <param name="name">What it is called.</param>
/// <param name="slug">What it goes by.</param>
/// <param name="state">Its state; null where a flow is shown.</param>
internal sealed class TreeNode(string name, string slug, FlowTaskState? state)
{
    public string Name => name;

    public string Slug => slug;

    public StateType? State => state?.StateType;

    public TimeSpan? Duration => state?.Duration;

    public string? Message => state?.Message;

    /// <summary>What it stands below; null for nothing.</summary>
    public TreeNode? Above { get; init; }

    /// <summary>How many tasks are before it, one after the other.</summary>
    public int Level { get; set; }

    /// <summary>Those it waits for beside the one it stands below.</summary>
    public IReadOnlyList<string> AlsoAfter { get; init; } = [];

    /// <summary>The children of a mapped task, or the first tasks of a flow inside.</summary>
    public List<TreeNode> Inside { get; init; } = [];

    /// <summary>Those that stand below it.</summary>
    public List<TreeNode> Below { get; } = [];

    /// <summary>How many it is with all below and inside.</summary>
    public int Size { get; set; } = 1;

    /// <summary>The part of its name that those that are alike share.</summary>
    public string Prefix { get; } = PrefixOf(name);

    /// <summary>Whether the states are the same, and the beginnings of the names.</summary>
    public bool IsAlike(TreeNode other) => State == other.State && string.Equals(Prefix, other.Prefix, StringComparison.Ordinal);

    private static string PrefixOf(string name)
    {
        var end = 0;
        while (end < name.Length && (char.IsLetter(name[end]) || char.IsSurrogate(name[end])))
            end++;
        return end == 0 ? name : name.Remove(end);
    }
}
