namespace PrefectPS.Runs;

/// <summary>Buffer of lines not yet recorded; bounded, whatever is written.</summary>
internal sealed class LogBuffer(LogBounds bounds)
{
    private List<LogLine> _lines = [];
    private long _bytes;
    private long _full = bounds.MaxTaskBytes;

    /// <summary>True if the buffer is empty.</summary>
    public bool IsEmpty => _lines.Count == 0;

    /// <summary>Adds a line.</summary>
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

    /// <summary>Removes all lines and returns them as an array.</summary>
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
