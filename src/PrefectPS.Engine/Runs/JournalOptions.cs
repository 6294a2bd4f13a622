namespace PrefectPS.Runs;

/// <summary>When the journal of a run is merged. Processes that share a store may use different options.</summary>
public sealed record JournalOptions
{
    /// <summary>The defaults.</summary>
    public static JournalOptions Default { get; } = new();

    /// <summary>Number of records before they are merged.</summary>
    internal int MaxTail { get; init; } = 8;

    /// <summary>Number of opening records kept: a step that was taken over up to that many steps ago finds the number of its next record taken.</summary>
    internal int KeptOpenings { get; init; } = 16;

    /// <summary>Limits of the log.</summary>
    internal LogBounds Log { get; init; } = new(MaxTaskBytes: 256 * 1024, MaxStepBytes: 4 * 1024 * 1024);

    /// <summary>How long log lines wait for a record written for another reason.</summary>
    public TimeSpan LogInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Maximum bytes of log lines a step may leave in records, to limit what the next one reads.</summary>
    internal int MaxLogInTail { get; init; } = 64 * 1024;
}
