namespace PrefectPS.Runs;

/// <summary>The lines that are in no record yet: however many are written, it holds not much more of them than are kept.</summary>
internal sealed class LogBuffer(LogBounds bounds)
{
    private List<LogLine> _lines = [];
    private long _bytes;
    private long _full = bounds.MaxTaskBytes;

    /// <summary>True if there are none.</summary>
    public bool IsEmpty => _lines.Count == 0;

    /// <summary>Takes a line.</summary>
    public void Add(LogLine line)
    {
        _lines.Add(line);
        _bytes += line.Size;
        if (_bytes <= _full)
            return;
        _lines = [.. bounds.Apply(_lines)];
        _bytes = _lines.Sum(each => (long)each.Size);
        _full = _bytes + bounds.MaxTaskBytes;
    }

    /// <summary>Takes all lines out, as an array; empty if there are none.</summary>
    public byte[] Take()
    {
        if (IsEmpty)
            return JsonArrays.Empty;
        var array = LogLine.Write(bounds.Apply(_lines));
        _lines = [];
        (_bytes, _full) = (0, bounds.MaxTaskBytes);
        return array;
    }
}
