using System.Diagnostics;

namespace PrefectPS.Progress;

/// <summary>Limits progress records to a few per second, with bursts, because drawing one can take longer than a task.</summary>
internal sealed class RecordLimit
{
    private const double PerSecond = 5;

    private double _left = PerSecond;
    private long _asked = Stopwatch.GetTimestamp();

    /// <summary>True if another record can be written now; it then counts as written.</summary>
    public bool TryTake()
    {
        var now = Stopwatch.GetTimestamp();
        _left = Math.Min(PerSecond, _left + (PerSecond * (now - _asked) / Stopwatch.Frequency));
        _asked = now;
        if (_left < 1)
            return false;
        _left--;
        return true;
    }
}
