namespace PrefectPS.Orleans.Steps;

/// <summary>Throttles the warning that a task waits for a worker. Not thread-safe.</summary>
internal sealed class WaitWarning
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long? _next; // by Environment.TickCount64; null while nothing waits

    /// <summary>Resets: nothing waits any more.</summary>
    public void Reset() => _next = null;

    /// <summary>Notes that something waits.</summary>
    /// <returns>Whether the warning is due.</returns>
    public bool IsDue()
    {
        var now = Environment.TickCount64;
        _next ??= now + (long)Silence.TotalMilliseconds;
        if (now < _next)
            return false;
        _next = now + (long)Interval.TotalMilliseconds;
        return true;
    }
}
