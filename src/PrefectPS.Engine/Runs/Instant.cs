using System.Runtime.InteropServices;

namespace PrefectPS.Runs;

/// <summary>A moment by both clocks of a machine: the monotonic one stops during suspension, and the wall clock may be set back.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Instant(DateTimeOffset Time, long Timestamp)
{
    /// <summary>The current moment.</summary>
    public static Instant Now(TimeProvider clock) => new(clock.GetUtcNow(), clock.GetTimestamp());

    /// <summary>True if it is longer ago, by either clock.</summary>
    public bool IsOlderThan(TimeSpan age, TimeProvider clock) =>
        clock.GetElapsedTime(Timestamp) > age || clock.GetUtcNow() - Time is var passed && (passed > age || passed < TimeSpan.Zero);
}
