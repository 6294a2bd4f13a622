namespace PrefectPS.Diagrams.Layout;

/// <summary>The attachment points of edges: a single one in the centre, several side by side in the order of their other ends.</summary>
internal sealed class Ports
{
    private const double Spacing = 14;

    private readonly Dictionary<(int Node, int Other), double> _below = [];
    private readonly Dictionary<(int Node, int Other), double> _above = [];

    /// <param name="graph">The graph.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="x">The x of each vertex.</param>
    public Ports(LayeredGraph graph, LayoutNode[] nodes, double[] x)
    {
        for (var node = 0; node < nodes.Length; node++)
        {
            Spread(node, graph.Below(node), nodes[node].PortWidth, x, _below);
            Spread(node, graph.Above(node), nodes[node].PortWidth, x, _above);
        }
    }

    /// <summary>The offset from the node's centre of the edge to a lower vertex.</summary>
    public double Below(int node, int other) => _below[(node, other)];

    /// <summary>The offset from the node's centre of the edge from an upper vertex.</summary>
    public double Above(int node, int other) => _above[(node, other)];

    // A straight edge keeps the centre; the others yield.
    private static void Spread(int node, List<int> others, double width, double[] x, Dictionary<(int Node, int Other), double> ports)
    {
        if (others.Count == 0)
            return;
        int[] ordered = [.. others.OrderBy(other => x[other])];
        var spacing = ordered.Length == 1 ? 0 : Math.Min(Spacing, width / (ordered.Length - 1));
        var half = (ordered.Length - 1) * spacing / 2;
        var straight = Array.FindIndex(ordered, other => Math.Abs(x[other] - x[node]) < 1);
        var left = straight < 0 ? -half : Math.Max(-width / 2, Math.Min((width / 2) - (half * 2), -straight * spacing));
        for (var i = 0; i < ordered.Length; i++)
            ports[(node, ordered[i])] = left + (i * spacing);
    }
}
