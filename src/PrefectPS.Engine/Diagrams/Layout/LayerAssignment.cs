namespace PrefectPS.Diagrams.Layout;

/// <summary>Finds the layer of each node: below all that it waits for, and as near to those as to those that wait for it.</summary>
internal static class LayerAssignment
{
    /// <param name="count">How many nodes.</param>
    /// <param name="edges">The edges, without a cycle.</param>
    /// <returns>The layer of each node, from 0. An edge with a label leaves a layer free for it.</returns>
    public static int[] Assign(int count, IReadOnlyList<LayoutEdge> edges)
    {
        var up = edges.ToLookup(edge => edge.To);
        var down = edges.ToLookup(edge => edge.From);
        var layers = new int[count];
        var order = Order(count, up, down);
        foreach (var node in order)
            layers[node] = up[node].Select(edge => layers[edge.From] + Length(edge)).DefaultIfEmpty(0).Max();

        // More edges below than above grow shorter than longer by going down.
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
