namespace PrefectPS.Diagrams.Layout;

/// <summary>
/// Assigns x coordinates. Layer by layer, down and up in turn, each vertex moves to the median of its neighbours; overlaps are resolved by least squares (isotonic
/// regression). Finally trunks are straightened.
/// </summary>
internal sealed class HorizontalPlacement
{
    private const double NodeGap = 28;
    private const double JointGap = 14;
    private const double TrunkWeight = 1000; // a bent long edge looks worse than an off-centre node
    private const double LooseWeight = 0.1; // an unconstrained node yields
    private const int Rounds = 8;

    private readonly LayeredGraph _graph;
    private readonly double[] _x;

    private HorizontalPlacement(LayeredGraph graph)
    {
        _graph = graph;
        _x = new double[graph.Count];
    }

    /// <summary>Computes the x coordinate of each vertex's centre.</summary>
    public static double[] Place(LayeredGraph graph)
    {
        var placement = new HorizontalPlacement(graph);
        placement.Pack();
        for (var round = 0; round < Rounds; round++)
        {
            for (var layer = graph.Layers.Length - 2; layer >= 0; layer--)
                placement.Settle(graph.Layers[layer], graph.Below, graph.TrunkBelow);
            for (var layer = 1; layer < graph.Layers.Length; layer++)
                placement.Settle(graph.Layers[layer], graph.Above, graph.TrunkAbove);
        }

        placement.Straighten();
        return Array.ConvertAll(placement._x, x => Math.Round(x)); // rounding straightens nearly vertical edges
    }

    private void Pack()
    {
        foreach (var layer in _graph.Layers)
        {
            for (var i = 1; i < layer.Count; i++)
                _x[layer[i]] = _x[layer[i - 1]] + Distance(layer[i - 1], layer[i]);
            var middle = _x[layer[^1]] / 2;
            foreach (var vertex in layer)
                _x[vertex] -= middle;
        }
    }

    private void Settle(List<int> layer, Func<int, List<int>> neighboursOf, Func<int, int> trunkOf)
    {
        var blocks = new List<Block>(layer.Count);
        var offset = 0.0; // of a vertex from the first one, at minimal distances
        for (var i = 0; i < layer.Count; i++)
        {
            if (i > 0)
                offset += Distance(layer[i - 1], layer[i]);
            var (wanted, weight) = Pull(layer[i], neighboursOf(layer[i]), trunkOf(layer[i]));
            var block = new Block(i, wanted - offset, weight);
            for (; blocks.Count > 0 && blocks[^1].Place >= block.Place; blocks.RemoveAt(blocks.Count - 1))
                block = blocks[^1].Join(block);
            blocks.Add(block);
        }

        offset = 0;
        for (int i = 0, block = 0; i < layer.Count; i++)
        {
            if (i > 0)
                offset += Distance(layer[i - 1], layer[i]);
            if (block + 1 < blocks.Count && blocks[block + 1].First == i)
                block++;
            _x[layer[i]] = blocks[block].Place + offset;
        }
    }

    private (double Place, double Weight) Pull(int vertex, List<int> neighbours, int trunk) =>
        trunk >= 0 ? (_x[trunk], TrunkWeight)
        : neighbours.Count == 0 ? (_x[vertex], LooseWeight)
        : (Median(neighbours), 1);

    private double Median(List<int> neighbours)
    {
        if (neighbours.Count == 1)
            return _x[neighbours[0]];
        var x = neighbours.ConvertAll(n => _x[n]);
        x.Sort();
        return (x[(x.Count - 1) / 2] + x[x.Count / 2]) / 2;
    }

    private void Straighten()
    {
        var (left, right) = Neighbours();
        for (var vertex = 0; vertex < _x.Length; vertex++)
        {
            if (!_graph.IsJoint(vertex) || _graph.TrunkAbove(vertex) >= 0)
                continue;
            for (var first = vertex; first >= 0;)
                first = Straighten(first, left, right);
        }
    }

    // Straightens from a joint down as long as some x is free in each layer; returns the joint after those.
    private int Straighten(int first, int[] left, int[] right)
    {
        var (least, most) = (double.NegativeInfinity, double.PositiveInfinity);
        var (sum, count, next) = (0.0, 0, first);
        for (; next >= 0; next = _graph.TrunkBelow(next))
        {
            var from = left[next] < 0 ? least : Math.Max(least, _x[left[next]] + Distance(left[next], next));
            var to = right[next] < 0 ? most : Math.Min(most, _x[right[next]] - Distance(next, right[next]));
            if (from > to && count > 0)
                break;
            (least, most, sum, count) = (from, to, sum + _x[next], count + 1);
        }

        var place = Math.Max(least, Math.Min(most, sum / count));
        for (; first != next; first = _graph.TrunkBelow(first))
            _x[first] = place;
        return next;
    }

    private (int[] Left, int[] Right) Neighbours()
    {
        var (left, right) = (new int[_graph.Count], new int[_graph.Count]);
        foreach (var layer in _graph.Layers)
        {
            for (var i = 0; i < layer.Count; i++)
            {
                left[layer[i]] = i == 0 ? -1 : layer[i - 1];
                right[layer[i]] = i == layer.Count - 1 ? -1 : layer[i + 1];
            }
        }

        return (left, right);
    }

    private double Distance(int left, int right) =>
        ((_graph.Width(left) + _graph.Width(right)) / 2) + ((Gap(left) + Gap(right)) / 2);

    private double Gap(int vertex) => _graph.IsJoint(vertex) ? JointGap : NodeGap;

    private readonly record struct Block(int First, double Place, double Weight)
    {
        public Block Join(Block next) =>
            new(First, ((Place * Weight) + (next.Place * next.Weight)) / (Weight + next.Weight), Weight + next.Weight);
    }
}
