using System.Security.Cryptography;
using PrefectPS.Caching;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.Runs;

namespace PrefectPS;

/// <summary>What the engine takes from its surroundings; injected, so that no test sleeps or sees a random id.</summary>
public sealed record FlowServices
{
    private ResultSerializers? _serializers;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How the values that tasks return are taken apart and put together.</summary>
    public IValueAdapter Values { get; init; } = PlainValueAdapter.Instance;

    /// <summary>The same with the objects that keep a secret, for what is sent encrypted and never stored.</summary>
    public IValueAdapter SecretValues { get; init; } = PlainValueAdapter.Instance;

    /// <summary>How many bytes the state document of a run may have.</summary>
    internal int MaxDocumentBytes { get; init; } = Limits.MaxDocumentBytes;

    /// <summary>How many bytes a result in the record of a run may have, as text.</summary>
    internal int MaxResultBytes { get; init; } = Limits.MaxDocumentBytes;

    /// <summary>Where results are kept for later runs of flows that have no store.</summary>
    public SessionCache SessionCache { get; init; } = new();

    /// <summary>The forms of results that the engine does not know itself.</summary>
    public IReadOnlyList<IResultSerializer> MoreSerializers { get; init; } = [];

    /// <summary>The forms of results.</summary>
    public ResultSerializers Serializers => _serializers ??= new(Values, MoreSerializers);

    /// <summary>A number from 0 to below 1, by chance.</summary>
    internal Func<double> Chance { get; init; } = RandomFraction;

    /// <summary>Whether results are written to stores at all; asked before each is.</summary>
    public Func<bool> Checkpoints { get; init; } = () => true;

    /// <summary>Whether what tasks write is put on record; asked at the beginning of each step.</summary>
    public Func<bool> KeepsLog { get; init; } = () => true;

    /// <summary>Waits for so long, or until it is cancelled.</summary>
    public Action<TimeSpan, CancellationToken> Sleep { get; init; } = (time, stop) => stop.WaitHandle.WaitOne(time);

    /// <summary>How long a step's lease of its run holds, and how often it is renewed.</summary>
    internal LeaseOptions Lease { get; init; } = LeaseOptions.Default;

    /// <summary>How short the journal of a run is kept.</summary>
    internal JournalOptions Journal { get; init; } = JournalOptions.Default;

    /// <summary>Makes the id of a run that starts at the given time.</summary>
    internal Func<DateTimeOffset, string> NewRunId { get; init; } = TimedRunId;

    /// <summary>Makes an id of 32 hexadecimal digits that nothing else has.</summary>
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
