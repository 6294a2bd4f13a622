namespace PrefectPS.Diagrams.Layout;

/// <summary>Computes positions and routes from a layered graph with ordered and x-placed vertices.</summary>
internal sealed class LayerDrawing
{
    private const double LeastGap = 36; // between layers: room for a curve and an arrow
    private const double MostGap = 160;
    private const double Slope = 0.08; // the gap's height per width of its widest edge

    private readonly LayeredGraph _graph;
    private readonly LayoutNode[] _nodes;
    private readonly LayoutEdge[] _edges;
    private readonly double[] _x;
    private readonly double[] _top;
    private readonly double[] _bottom;
    private readonly int[] _layerOf;
    private readonly Ports _ports;

    public LayerDrawing(LayeredGraph graph, LayoutNode[] nodes, LayoutEdge[] edges, double[] x)
    {
        _graph = graph;
        _nodes = nodes;
        _edges = edges;
        _layerOf = new int[graph.Count];
        _top = new double[graph.Layers.Length];
        _bottom = new double[graph.Layers.Length];
        var left = Enumerable.Range(0, graph.Count).Min(v => x[v] - (graph.Width(v) / 2));
        _x = Array.ConvertAll(x, value => value - left);
        _ports = new(graph, nodes, _x);
        PlaceLayers();
    }

    public LayoutResult ToResult()
    {
        var width = Enumerable.Range(0, _graph.Count).Max(v => _x[v] + (_graph.Width(v) / 2));
        return new(
            width,
            _bottom[^1],
            [.. Enumerable.Range(0, _nodes.Length).Select(MiddleOf)],
            [.. _graph.Paths.Select((path, edge) => RouteOf(path, _edges[edge].LabelWidth > 0))]);
    }

    private void PlaceLayers()
    {
        var y = 0.0;
        for (var layer = 0; layer < _top.Length; layer++)
        {
            foreach (var vertex in _graph.Layers[layer])
                _layerOf[vertex] = layer;
            _top[layer] = y;
            _bottom[layer] = y + _graph.Layers[layer].Max(_graph.Height);
            y = _bottom[layer] + GapBelow(layer);
        }
    }

    private double GapBelow(int layer)
    {
        var widest = _graph.Layers[layer].SelectMany(v => _graph.Below(v).Select(below => Math.Abs(_x[v] - _x[below]))).DefaultIfEmpty().Max();
        var isToJoints = layer < _top.Length - 1 && _graph.Layers[layer + 1].TrueForAll(_graph.IsJoint);
        return Math.Min(MostGap, Math.Max(isToJoints ? LeastGap / 2 : LeastGap, widest * Slope));
    }

    private LayoutPoint MiddleOf(int vertex) => new(_x[vertex], (_top[_layerOf[vertex]] + _bottom[_layerOf[vertex]]) / 2);

    // Edges run vertically beside the nodes of a layer and turn only in the gaps.
    private LayoutRoute RouteOf(int[] path, bool hasLabel)
    {
        var points = new List<LayoutPoint>(path.Length * 2);
        var (from, to) = (path[0], path[^1]);
        var start = _x[from] + _ports.Below(from, path[1]);
        Add(points, new(start, MiddleOf(from).Y + (_nodes[from].Height / 2)));
        Add(points, new(start, _bottom[_layerOf[from]]));
        foreach (var joint in path.Skip(1).Take(path.Length - 2))
        {
            Add(points, new(_x[joint], _top[_layerOf[joint]]));
            Add(points, new(_x[joint], _bottom[_layerOf[joint]]));
        }

        var end = _x[to] + _ports.Above(to, path[^2]);
        Add(points, new(end, _top[_layerOf[to]]));
        Add(points, new(end, MiddleOf(to).Y - (_nodes[to].Height / 2)));
        var label = hasLabel ? path.First(v => _graph.IsJoint(v) && _graph.Width(v) > 0) : -1;
        return new(points, hasLabel ? MiddleOf(label) : null);
    }

    // Skips collinear points.
    private static void Add(List<LayoutPoint> points, LayoutPoint point)
    {
        if (points.Count > 0 && points[^1] == point)
            return;
        if (points.Count > 1 && points[^1].X == point.X && points[^2].X == point.X)
            points.RemoveAt(points.Count - 1);
        points.Add(point);
    }
}
