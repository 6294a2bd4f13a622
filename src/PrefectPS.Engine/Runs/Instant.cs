using System.Runtime.InteropServices;

namespace PrefectPS.Runs;

/// <summary>A moment by both clocks of a machine: one stands still while the machine is suspended, and the other may be set back.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Instant(DateTimeOffset Time, long Timestamp)
{
    /// <summary>This moment.</summary>
    public static Instant Now(TimeProvider clock) => new(clock.GetUtcNow(), clock.GetTimestamp());

    /// <summary>True if it is longer ago than so, by one of the clocks.</summary>
    public bool IsOlderThan(TimeSpan age, TimeProvider clock) =>
        clock.GetElapsedTime(Timestamp) > age || clock.GetUtcNow() - Time is var passed && (passed > age || passed < TimeSpan.Zero);
}
