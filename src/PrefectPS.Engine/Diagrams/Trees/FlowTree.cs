using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Runs;

namespace PrefectPS.Diagrams.Trees;

/// <summary>
/// Writes a flow or run as an indented tree. The main successor continues at the same depth, branches are indented. In a large flow, similar tasks share a line and deep
/// branches are cut.
/// </summary>
public sealed class FlowTree
{
    private const int SmallFlow = 60;
    private const int MostRows = 100;
    private const int MostAlike = 5;
    private const int MostNamed = 3;

    private readonly TreeGlyphs _glyphs;
    private readonly bool _joinsAlike;
    private readonly int _depth;
    private readonly List<FlowTreeRow> _rows = [];

    private FlowTree(TreeGlyphs glyphs, bool joinsAlike, int depth)
    {
        _glyphs = glyphs;
        _joinsAlike = joinsAlike;
        _depth = depth;
    }

    /// <summary>Writes the lines, beginning with the flow.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="run">The run; null for none.</param>
    /// <param name="options">The options.</param>
    public static IReadOnlyList<FlowTreeRow> Write(Flow flow, FlowState? run, FlowTreeOptions options)
    {
        var roots = new TreeBuilder(options.Filter).Build(flow, run);
        var size = roots.Sum(node => node.Size);
        var isLarge = !options.ShowsAll && size > SmallFlow;
        var rows = options.Depth is { } depth ? Write(roots, options, isLarge, depth)
            : isLarge ? WriteReadable(roots, options)
            : Write(roots, options, isLarge, int.MaxValue);
        return [new(flow.Name, []) { Count = size, StateType = run?.StateType, Message = run?.Message }, .. rows];
    }

    /// <summary>Writes the control requests to a run.</summary>
    /// <param name="requests">The requests, oldest first.</param>
    public static IEnumerable<FlowTreeRow> Write(IEnumerable<FlowTransition> requests) => requests.Select(request =>
        new FlowTreeRow(UtcText.Of(request.Time), []) { Count = 0, StateType = request.ToType, Message = request.Message });

    // As deep as stays readable.
    private static List<FlowTreeRow> WriteReadable(List<TreeNode> roots, FlowTreeOptions options)
    {
        var rows = Write(roots, options, joinsAlike: true, depth: 0);
        for (var depth = 1; ; depth++)
        {
            var deeper = Write(roots, options, joinsAlike: true, depth);
            if (deeper.Count > MostRows || deeper.Count == rows.Count)
                return deeper.Count > MostRows ? rows : deeper;
            rows = deeper;
        }
    }

    private static List<FlowTreeRow> Write(List<TreeNode> roots, FlowTreeOptions options, bool joinsAlike, int depth)
    {
        var tree = new FlowTree(options.Glyphs, joinsAlike, depth);
        tree.WriteRoots(roots, string.Empty, 0);
        return tree._rows;
    }

    private void WriteRoots(List<TreeNode> roots, string indent, int depth)
    {
        foreach (var group in Groups(roots))
        {
            if (group.Count > 1)
                AddRange(indent, group);
            else
                WriteLine(group[0], indent, indent, depth);
        }
    }

    // A task, its subflow, its branches, then its main successor.
    private void WriteLine(TreeNode first, string place, string indent, int depth)
    {
        for (TreeNode? node = first; node is not null; place = indent + _glyphs.Next)
        {
            var run = AlikeFrom(node);
            if (run.Count > 1)
            {
                AddRange(place, run);
                node = run[^1];
            }
            else
            {
                Add(place, node, depth);
            }

            if (depth < _depth)
                WriteRoots(node.Inside, indent + _glyphs.Inside, depth + 1);
            var next = Main(node);
            WriteBranches([.. node.Below.Where(below => below != next)], indent, depth, isLast: next is null);
            node = next;
        }
    }

    private void WriteBranches(List<TreeNode> branches, string indent, int depth, bool isLast)
    {
        if (depth >= _depth)
            return;
        var groups = Groups(branches);
        for (var i = 0; i < groups.Count; i++)
        {
            var ends = isLast && i == groups.Count - 1;
            var place = indent + (ends ? _glyphs.Last : _glyphs.Fork);
            if (groups[i].Count > 1)
                AddRange(place, groups[i]);
            else
                WriteLine(groups[i][0], place, indent + (ends ? "   " : _glyphs.Line), depth + 1);
        }
    }

    // The successor with the largest subtree, if it exceeds all others together.
    private static TreeNode? Main(TreeNode node)
    {
        var largest = node.Below.OrderByDescending(below => below.Size).FirstOrDefault();
        return largest is not null && largest.Size > node.Below.Sum(below => below.Size) - largest.Size ? largest : null;
    }

    // The similar tasks of a chain from this one on, if there are many.
    private List<TreeNode> AlikeFrom(TreeNode node)
    {
        var chain = new List<TreeNode> { node };
        if (!_joinsAlike || node.Inside.Count > 0)
            return chain;
        while (chain[^1].Below is [var only] && only.Inside.Count == 0 && only.IsAlike(node))
            chain.Add(only);
        return chain.Count > MostAlike ? chain : [node];
    }

    // Groups many similar leaves, in the order of their first ones.
    private List<List<TreeNode>> Groups(List<TreeNode> nodes)
    {
        if (!_joinsAlike || nodes.Count <= MostAlike)
            return nodes.ConvertAll(node => new List<TreeNode> { node });
        return
        [
            .. nodes
                .GroupBy(node => node.Size == 1 ? (object)(node.State, node.Prefix) : node)
                .SelectMany(group => group.Count() > MostAlike ? [[.. group]] : group.Select(node => new List<TreeNode> { node })),
        ];
    }

    private void Add(string place, TreeNode node, int depth)
    {
        var hidden = depth < _depth ? 0 : node.Size - 1 - (Main(node)?.Size ?? 0);
        var below = hidden > 0 ? $" +{Number(hidden)}" : string.Empty;
        _rows.Add(new($"{place}{node.Name}{below}{After(node)}", [node.Slug])
        {
            Count = hidden + 1,
            StateType = node.State,
            Duration = node.Duration,
            Message = node.Message,
        });
    }

    private void AddRange(string place, List<TreeNode> nodes) =>
        _rows.Add(new($"{place}{nodes[0].Name} {_glyphs.Range} {nodes[^1].Name} ({Number(nodes.Count)})", [.. nodes.Select(node => node.Slug)])
        {
            Count = nodes.Count,
            StateType = nodes[0].State,
            Duration = nodes.Max(node => node.Duration),
            Message = nodes.Select(node => node.Message).Distinct(StringComparer.Ordinal).Take(2).ToArray() is [var only] ? only : $"{nodes[0].Message}, and others",
        });

    private static string After(TreeNode node) => node.AlsoAfter.Count switch
    {
        0 => string.Empty,
        <= MostNamed => $" (and after {string.Join(", ", node.AlsoAfter)})",
        var many => $" (and after {Number(many)} others)",
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
