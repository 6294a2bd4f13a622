using System.Security.Cryptography;
using PrefectPS.Caching;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.Runs;

namespace PrefectPS;

/// <summary>External services of the engine, injected so that tests never sleep or see random ids.</summary>
public sealed record FlowServices
{
    private ResultSerializers? _serializers;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Converts values that tasks return.</summary>
    public IValueAdapter Values { get; init; } = PlainValueAdapter.Instance;

    /// <summary>Converts values including secrets, for content that is encrypted in transit and never stored.</summary>
    public IValueAdapter SecretValues { get; init; } = PlainValueAdapter.Instance;

    /// <summary>Maximum size of a state document in bytes.</summary>
    internal int MaxDocumentBytes { get; init; } = Limits.MaxDocumentBytes;

    /// <summary>Maximum serialized size of a result in a record, in bytes.</summary>
    internal int MaxResultBytes { get; init; } = Limits.MaxDocumentBytes;

    /// <summary>Result cache of flows without a store.</summary>
    public SessionCache SessionCache { get; init; } = new();

    /// <summary>Additional result serializers.</summary>
    public IReadOnlyList<IResultSerializer> MoreSerializers { get; init; } = [];

    /// <summary>All result serializers.</summary>
    public ResultSerializers Serializers => _serializers ??= new(Values, MoreSerializers);

    /// <summary>Returns a random number in [0, 1).</summary>
    internal Func<double> Chance { get; init; } = RandomFraction;

    /// <summary>Whether results are written to stores at all; evaluated before each write.</summary>
    public Func<bool> Checkpoints { get; init; } = () => true;

    /// <summary>Whether task output is recorded; evaluated at the start of each step.</summary>
    public Func<bool> KeepsLog { get; init; } = () => true;

    /// <summary>Sleeps for a duration or until cancelled.</summary>
    public Action<TimeSpan, CancellationToken> Sleep { get; init; } = (time, stop) => stop.WaitHandle.WaitOne(time);

    /// <summary>Timing of leases.</summary>
    internal LeaseOptions Lease { get; init; } = LeaseOptions.Default;

    /// <summary>Options of journals.</summary>
    internal JournalOptions Journal { get; init; } = JournalOptions.Default;

    /// <summary>Creates the id of a run that starts at the given time.</summary>
    internal Func<DateTimeOffset, string> NewRunId { get; init; } = TimedRunId;

    /// <summary>Creates a unique id of 32 hex digits.</summary>
    internal Func<string> NewId { get; init; } = () => Guid.NewGuid().ToString("n");

    // Sorts by time as text, so that the newest run is the last name in a listing.
    private static string TimedRunId(DateTimeOffset start) => $"{start.UtcDateTime:yyyyMMdd'T'HHmmssfff}-{RandomNumber():x8}";

    private static double RandomFraction() => RandomNumber() / (uint.MaxValue + 1.0);

    private static uint RandomNumber()
    {
        var random = new byte[sizeof(uint)];
        using var generator = RandomNumberGenerator.Create();
        generator.GetBytes(random);
        return BitConverter.ToUInt32(random, 0);
    }
}
