namespace PrefectPS.Diagrams.Reports;

/// <summary>Where the nodes of an outline stand: in columns by their distance from the start, in a column near the nodes they wait for.</summary>
internal sealed class NodeLayout
{
    private const int ColumnWidth = 272;
    private const int RowHeight = 76;
    private const int Sweeps = 8;

    private readonly int[] _column;
    private readonly double[] _row;

    private NodeLayout(GraphOutline outline)
    {
        _column = new int[outline.Nodes.Count];
        _row = new double[outline.Nodes.Count];
        PlaceInColumns(outline);
        for (var i = 0; i < Sweeps; i++)
            Sweep(outline, forward: i % 2 == 0);
        var top = _row.Length == 0 ? 0 : _row.Min();
        Places = [.. Enumerable.Range(0, _row.Length).Select(node => (_column[node] * ColumnWidth, (int)((_row[node] - top) * RowHeight)))];
    }

    /// <summary>The upper left corner of each node.</summary>
    public IReadOnlyList<(int X, int Y)> Places { get; }

    public static NodeLayout Of(GraphOutline outline) => new(outline);

    private void PlaceInColumns(GraphOutline outline)
    {
        for (var hasMoved = true; hasMoved;)
        {
            hasMoved = false;
            foreach (var (from, to) in outline.Edges)
            {
                hasMoved |= _column[to] <= _column[from];
                _column[to] = Math.Max(_column[to], _column[from] + 1);
            }
        }

        foreach (var column in Columns())
        {
            for (var i = 0; i < column.Length; i++)
                _row[column[i]] = i - (column.Length / 2.0);
        }
    }

    private IEnumerable<int[]> Columns() =>
        Enumerable.Range(0, _column.Length).GroupBy(node => _column[node]).OrderBy(c => c.Key).Select(c => c.OrderBy(node => _row[node]).ToArray());

    private void Sweep(GraphOutline outline, bool forward)
    {
        var neighbours = outline.Edges.ToLookup(e => forward ? e.To : e.From, e => forward ? e.From : e.To);
        foreach (var column in forward ? Columns() : Columns().Reverse())
        {
            var wish = column.ToDictionary(node => node, node => neighbours[node].Any() ? neighbours[node].Average(n => _row[n]) : _row[node]);
            var sorted = column.OrderBy(node => wish[node]).ToArray();
            // As near to where they wish to be as the others allow; what they had to give way is shared by all.
            for (var i = 0; i < sorted.Length; i++)
                _row[sorted[i]] = i == 0 ? wish[sorted[i]] : Math.Max(wish[sorted[i]], _row[sorted[i - 1]] + 1);
            var shift = sorted.Average(node => _row[node] - wish[node]);
            foreach (var node in sorted)
                _row[node] -= shift;
        }
    }
}
