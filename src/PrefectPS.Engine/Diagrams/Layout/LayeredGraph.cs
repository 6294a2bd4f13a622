namespace PrefectPS.Diagrams.Layout;

/// <summary>
/// A proper layered graph: an edge over several layers passes a joint in each layer between. Long edges of one node share a trunk of joints, so that a popular task does
/// not flood the drawing.
/// </summary>
internal sealed class LayeredGraph
{
    private readonly LayoutNode[] _nodes;
    private readonly int[] _layerOf;
    private readonly List<double> _width = [];
    private readonly List<double> _height = [];
    private readonly List<int> _trunkAbove = [];
    private readonly List<int> _trunkBelow = [];
    private readonly List<List<int>> _up = [];
    private readonly List<List<int>> _down = [];
    private readonly List<int>?[] _trunksFrom; // by node, downwards
    private readonly List<int>?[] _trunksTo;

    /// <param name="nodes">The nodes; they are the first vertices.</param>
    /// <param name="edges">The edges, at most one between two nodes, each to a later layer; a labelled one spans at least one layer.</param>
    /// <param name="layerOf">The layer of each node.</param>
    public LayeredGraph(LayoutNode[] nodes, IReadOnlyList<LayoutEdge> edges, int[] layerOf)
    {
        _nodes = nodes;
        _layerOf = layerOf;
        _trunksFrom = new List<int>?[nodes.Length];
        _trunksTo = new List<int>?[nodes.Length];
        Layers = new List<int>[layerOf.Max() + 1];
        for (var layer = 0; layer < Layers.Length; layer++)
            Layers[layer] = [];
        for (var node = 0; node < nodes.Length; node++)
            AddVertex(layerOf[node], nodes[node].Width, nodes[node].Height);
        Paths = AddPaths(edges);
    }

    /// <summary>The vertices of each layer, from left to right.</summary>
    public List<int>[] Layers { get; }

    /// <summary>The vertices each edge passes, including its ends.</summary>
    public int[][] Paths { get; }

    public int Count => _up.Count;

    /// <summary>True if a vertex is a joint.</summary>
    public bool IsJoint(int vertex) => vertex >= _nodes.Length;

    /// <summary>The joint above in the same trunk; -1 for none.</summary>
    public int TrunkAbove(int vertex) => _trunkAbove[vertex];

    /// <summary>The joint below in the same trunk; -1 for none.</summary>
    public int TrunkBelow(int vertex) => _trunkBelow[vertex];

    public double Width(int vertex) => _width[vertex];

    public double Height(int vertex) => _height[vertex];

    public List<int> Above(int vertex) => _up[vertex];

    public List<int> Below(int vertex) => _down[vertex];

    private int[][] AddPaths(IReadOnlyList<LayoutEdge> edges)
    {
        var (goingDown, comingIn) = (new int[_nodes.Length], new int[_nodes.Length]);
        foreach (var edge in edges.Where(IsLong))
        {
            goingDown[edge.From]++;
            comingIn[edge.To]++;
        }

        return [.. edges.Select(edge => AddPath(edge, isFromAbove: goingDown[edge.From] >= comingIn[edge.To]))];
    }

    private bool IsLong(LayoutEdge edge) => _layerOf[edge.To] - _layerOf[edge.From] > 1;

    // A label is placed where the edge is alone: at the end without the trunk.
    private int[] AddPath(LayoutEdge edge, bool isFromAbove)
    {
        var (hub, other) = isFromAbove ? (edge.From, edge.To) : (edge.To, edge.From);
        var joints = _layerOf[edge.To] - _layerOf[edge.From] - (edge.LabelWidth > 0 ? 2 : 1);
        var path = new List<int>(joints + 3) { hub };
        path.AddRange(TrunkOf(hub, isFromAbove, joints).Take(joints));
        if (edge.LabelWidth > 0)
            path.Add(AddVertex(_layerOf[other] + (isFromAbove ? -1 : 1), edge.LabelWidth, edge.LabelHeight));
        path.Add(other);
        for (var i = joints + 1; i < path.Count; i++)
            Link(path[i - 1], path[i], isFromAbove);
        if (!isFromAbove)
            path.Reverse();
        return [.. path];
    }

    private List<int> TrunkOf(int hub, bool isFromAbove, int length)
    {
        var trunk = (isFromAbove ? _trunksFrom : _trunksTo)[hub] ??= [];
        while (trunk.Count < length)
        {
            var joint = AddVertex(_layerOf[hub] + ((trunk.Count + 1) * (isFromAbove ? 1 : -1)), 0, 0);
            if (trunk.Count > 0)
            {
                var (above, below) = isFromAbove ? (trunk[^1], joint) : (joint, trunk[^1]);
                _trunkAbove[below] = above;
                _trunkBelow[above] = below;
            }

            Link(trunk.Count == 0 ? hub : trunk[^1], joint, isFromAbove);
            trunk.Add(joint);
        }

        return trunk;
    }

    private int AddVertex(int layer, double width, double height)
    {
        Layers[layer].Add(Count);
        _width.Add(width);
        _height.Add(height);
        _trunkAbove.Add(-1);
        _trunkBelow.Add(-1);
        _up.Add([]);
        _down.Add([]);
        return Count - 1;
    }

    private void Link(int one, int other, bool isDown)
    {
        var (from, to) = isDown ? (one, other) : (other, one);
        _down[from].Add(to);
        _up[to].Add(from);
    }
}
