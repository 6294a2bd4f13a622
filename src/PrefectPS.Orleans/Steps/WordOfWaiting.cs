namespace PrefectPS.Orleans.Steps;

/// <summary>When a person is told that a task waits for a worker: not at once, and not too often. For one thread.</summary>
internal sealed class WordOfWaiting
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long? _next; // by Environment.TickCount64; null while nothing waits

    /// <summary>Nothing waits any more.</summary>
    public void Reset() => _next = null;

    /// <summary>Something waits.</summary>
    /// <returns>Whether it is time to say so.</returns>
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
