using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Trees;

/// <summary>Builds the tree of a flow or run: each task below its deepest upstream task or, where there are many, below their common ancestor.</summary>
/// <param name="filter">Selects tasks; null for all.</param>
internal sealed class TreeBuilder(Func<FlowTask, StateType?, string, bool>? filter)
{
    private const int Many = 3;

    /// <summary>Builds the root nodes.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="run">The run; null for none.</param>
    /// <param name="path">The path of the subflow.</param>
    public List<TreeNode> Build(Flow flow, FlowState? run, string path = "")
    {
        var plan = flow.Plan;
        var states = run?.Tasks;
        var nodes = new TreeNode?[plan.Tasks.Length];
        var nearest = new TreeNode?[plan.Tasks.Length]; // the task's node if selected, else its nearest ancestor
        var roots = new List<TreeNode>();
        foreach (var index in plan.Order)
        {
            TreeNode[] above = [.. plan.UpstreamOf(index).ToArray().Select(u => nearest[u]).OfType<TreeNode>().Distinct()];
            var parent = nearest[index] = ParentOf(above);
            if (ToNode(plan.Tasks[index], states?[index], path, [.. above.Where(node => node != parent).Select(node => node.Name)], parent) is not { } node)
                continue;
            nodes[index] = nearest[index] = node;
            (parent?.Below ?? roots).Add(node);
            node.Level = above.Length == 0 ? 0 : above.Max(n => n.Level) + 1;
        }

        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            if (nodes[plan.Order[i]] is { } node)
                node.Size += node.Inside.Sum(n => n.Size) + node.Below.Sum(n => n.Size);
        }

        return roots;
    }

    private static TreeNode? ParentOf(TreeNode[] above)
    {
        if (above.Length == 0)
            return null;
        var lowest = above.Max(node => node.Level);
        TreeNode[] last = [.. above.Where(node => node.Level == lowest)];
        return last.Length <= Many ? last[0] : last.Aggregate<TreeNode, TreeNode?>(last[0], Common);
    }

    // The nearest common ancestor.
    private static TreeNode? Common(TreeNode? one, TreeNode? other)
    {
        while (one != other && one is not null && other is not null)
        {
            if (one.Level > other.Level)
                one = one.Above;
            else if (one.Level < other.Level)
                other = other.Above;
            else
                (one, other) = (one.Above, other.Above);
        }

        return one == other ? one : null;
    }

    private TreeNode? ToNode(FlowTask task, FlowTaskState? state, string path, string[] alsoAfter, TreeNode? above)
    {
        var inside = Inside(task, state, path);
        return inside.Count > 0 || IsWanted(task, state, path)
            ? new(DiagramTexts.LabelOf(task), path + task.Slug, state) { Above = above, AlsoAfter = alsoAfter, Inside = inside }
            : null;
    }

    private List<TreeNode> Inside(FlowTask task, FlowTaskState? state, string path) =>
        state?.Children is { Count: > 0 } children
            ? [.. children.Select(child => ToNode(child, path)).Where(child => child.Inside.Count > 0 || IsWanted(task, child.State, path))]
            : task.Subflow is { } subflow ? Build(subflow, state?.Subflow, $"{path}{task.Slug}/") : [];

    private TreeNode ToNode(FlowTaskState child, string path)
    {
        var inside = child.Subflow is { } subrun ? Build(subrun.Flow, subrun, $"{path}{child.Slug}/") : [];
        return new(child.Slug, path + child.Slug, child) { Inside = inside, Size = 1 + inside.Sum(n => n.Size) };
    }

    private bool IsWanted(FlowTask task, FlowTaskState? state, string path) => IsWanted(task, state?.StateType, path);

    private bool IsWanted(FlowTask task, StateType? state, string path) => filter is null || filter(task, state, path);
}
