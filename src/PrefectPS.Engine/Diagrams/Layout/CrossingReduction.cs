namespace PrefectPS.Diagrams.Layout;

/// <summary>
/// Orders the vertices of each layer so that few edges cross: by the barycentre of their neighbours, layer after layer, down and up
/// (Sugiyama, Tagawa and Toda 1981), crossings counted as inversions (Barth, Jünger and Mutzel 2002).
/// </summary>
internal static class CrossingReduction
{
    private const int MostSweeps = 24;
    private const int PatientSweeps = 4;

    public static void Apply(LayeredGraph graph)
    {
        Walk(graph);
        var places = new double[graph.Count];
        var best = Copy(graph.Layers);
        var fewest = CountCrossings(graph);
        for (int sweep = 0, last = 0; sweep < MostSweeps && sweep - last < PatientSweeps && fewest > 0; sweep++)
        {
            Sweep(graph, places, isDown: sweep % 2 == 0, isMirrored: sweep % 4 >= 2);
            var crossings = CountCrossings(graph);
            if (crossings >= fewest)
                continue;
            (fewest, last) = (crossings, sweep);
            best = Copy(graph.Layers);
        }

        best.CopyTo(graph.Layers, 0);
    }

    // Depth first from the first node, so that connected nodes are adjacent, mostly in definition order.
    private static void Walk(LayeredGraph graph)
    {
        var layerOf = new int[graph.Count];
        for (var layer = 0; layer < graph.Layers.Length; layer++)
        {
            foreach (var vertex in graph.Layers[layer])
                layerOf[vertex] = layer;
        }

        var roots = graph.Layers.SelectMany(layer => layer).ToArray();
        foreach (var layer in graph.Layers)
            layer.Clear();
        var seen = new bool[graph.Count];
        var stack = new Stack<int>();
        foreach (var root in roots)
        {
            stack.Push(root);
            while (stack.Count > 0)
            {
                var vertex = stack.Pop();
                if (seen[vertex])
                    continue;
                seen[vertex] = true;
                graph.Layers[layerOf[vertex]].Add(vertex);
                var below = graph.Below(vertex);
                for (var i = below.Count - 1; i >= 0; i--)
                    stack.Push(below[i]);
            }
        }
    }

    private static void Sweep(LayeredGraph graph, double[] places, bool isDown, bool isMirrored)
    {
        var layers = graph.Layers;
        Number(layers[isDown ? 0 : layers.Length - 1], places);
        for (var step = 1; step < layers.Length; step++)
        {
            var layer = layers[isDown ? step : layers.Length - 1 - step];
            var wanted = new (double Place, int Order)[layer.Count];
            for (var i = 0; i < wanted.Length; i++)
            {
                var neighbours = isDown ? graph.Above(layer[i]) : graph.Below(layer[i]);
                wanted[i] = (neighbours.Count == 0 ? i : neighbours.Average(n => places[n]), isMirrored ? -i : i);
            }

            var sorted = layer.ToArray();
            Array.Sort(wanted, sorted);
            layer.Clear();
            layer.AddRange(sorted);
            Number(layer, places);
        }
    }

    private static void Number(List<int> layer, double[] places)
    {
        for (var i = 0; i < layer.Count; i++)
            places[layer[i]] = i;
    }

    private static long CountCrossings(LayeredGraph graph)
    {
        var places = new int[graph.Count];
        var crossings = 0L;
        for (var layer = 1; layer < graph.Layers.Length; layer++)
        {
            var lower = graph.Layers[layer];
            for (var i = 0; i < lower.Count; i++)
                places[lower[i]] = i;
            crossings += CountCrossings(graph, graph.Layers[layer - 1], places, lower.Count);
        }

        return crossings;
    }

    // A Fenwick tree: the number of earlier edges that end further to the right.
    private static long CountCrossings(LayeredGraph graph, List<int> upper, int[] places, int lowerCount)
    {
        var tree = new int[lowerCount + 1];
        var (crossings, before) = (0L, 0);
        foreach (var vertex in upper)
        {
            var ends = graph.Below(vertex).ConvertAll(below => places[below]);
            foreach (var end in ends)
            {
                var notRight = 0;
                for (var i = end + 1; i > 0; i -= i & -i)
                    notRight += tree[i];
                crossings += before - notRight;
            }

            foreach (var end in ends)
            {
                for (var i = end + 1; i <= lowerCount; i += i & -i)
                    tree[i]++;
            }

            before += ends.Count;
        }

        return crossings;
    }

    private static List<int>[] Copy(List<int>[] layers) => Array.ConvertAll(layers, layer => layer.ToList());
}
