namespace PrefectPS.Diagrams.Layout;

/// <summary>Assigns layers: each node below all its upstream nodes, as near to them as to its downstream nodes.</summary>
internal static class LayerAssignment
{
    /// <param name="count">The number of nodes.</param>
    /// <param name="edges">The edges, acyclic.</param>
    /// <returns>The layer of each node, from 0. A labelled edge spans a layer for its label.</returns>
    public static int[] Assign(int count, IReadOnlyList<LayoutEdge> edges)
    {
        var up = edges.ToLookup(edge => edge.To);
        var down = edges.ToLookup(edge => edge.From);
        var layers = new int[count];
        var order = Order(count, up, down);
        foreach (var node in order)
            layers[node] = up[node].Select(edge => layers[edge.From] + Length(edge)).DefaultIfEmpty(0).Max();

        // A node with more edges below than above shortens them by moving down.
        for (var i = count - 1; i >= 0; i--)
        {
            var node = order[i];
            if (down[node].Count() > up[node].Count())
                layers[node] = down[node].Min(edge => layers[edge.To] - Length(edge));
        }

        return layers;
    }

    private static int Length(LayoutEdge edge) => edge.LabelWidth == 0 ? 1 : 2;

    private static int[] Order(int count, ILookup<int, LayoutEdge> up, ILookup<int, LayoutEdge> down)
    {
        var waitsFor = new int[count];
        var order = new List<int>(count);
        for (var node = 0; node < count; node++)
        {
            waitsFor[node] = up[node].Count();
            if (waitsFor[node] == 0)
                order.Add(node);
        }

        for (var next = 0; next < order.Count; next++)
        {
            foreach (var edge in down[order[next]])
            {
                if (--waitsFor[edge.To] == 0)
                    order.Add(edge.To);
            }
        }

        return [.. order];
    }
}
