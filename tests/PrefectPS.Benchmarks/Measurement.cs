using System.Diagnostics;

namespace PrefectPS.Benchmarks;

/// <summary>A measurement.</summary>
/// <param name="Name">The measured operation.</param>
/// <param name="Value">The figure: the median of the rounds.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Ratio">The ratio to a baseline measured in the same process; null for none.</param>
/// <param name="Target">The goal; null for none.</param>
internal sealed record Measurement(string Name, double Value, string Unit, double? Ratio = null, string? Target = null)
{
    private const int Rounds = 9;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5); // long enough for the code to reach its last tier

    /// <summary>The time of one call, whatever has been compiled by then.</summary>
    public static TimeSpan TimeOnce(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>The median time of an action, after a warm-up.</summary>
    public static TimeSpan Time(Action action)
    {
        var warm = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(warm) < WarmUp)
            action();
        var times = new TimeSpan[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            GC.Collect();
            times[i] = TimeOnce(action);
        }

        Array.Sort(times);
        return times[Rounds / 2];
    }

    /// <summary>The bytes an action allocates on this thread, after a warm-up.</summary>
    public static long AllocatedBytes(Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>The bytes retained by what a function returns.</summary>
    public static long RetainedBytes<T>(Func<T> make)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var made = make();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(made);
        return after - before;
    }
}
