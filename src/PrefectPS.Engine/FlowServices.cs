using System.Security.Cryptography;
using PrefectPS.Results;

namespace PrefectPS;

/// <summary>What the engine takes from its surroundings; injected, so that no test sleeps or sees a random id.</summary>
internal sealed class FlowServices
{
    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How the values that tasks return are taken apart and put together.</summary>
    public IValueAdapter Values { get; init; } = PlainValueAdapter.Instance;

    /// <summary>Makes the id of a run that starts at the given time.</summary>
    public Func<DateTimeOffset, string> NewRunId { get; init; } = TimedRunId;

    // Sorts by time as text, so that the newest run is the last name in a listing.
    private static string TimedRunId(DateTimeOffset start)
    {
        var random = new byte[4];
        using var generator = RandomNumberGenerator.Create();
        generator.GetBytes(random);
        return $"{start.UtcDateTime:yyyyMMdd'T'HHmmssfff}-{BitConverter.ToUInt32(random, 0):x8}";
    }
}
