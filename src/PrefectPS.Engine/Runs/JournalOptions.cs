namespace PrefectPS.Runs;

/// <summary>How short the journal of a run is kept. Processes that share a store may differ.</summary>
public sealed record JournalOptions
{
    /// <summary>What users get.</summary>
    public static JournalOptions Default { get; } = new();

    /// <summary>How many records there are side by side before they are merged.</summary>
    internal int MaxTail { get; init; } = 8;

    /// <summary>How many records that opened steps are kept: a step that has been taken over so many steps ago finds the number of its next record taken.</summary>
    internal int KeptOpenings { get; init; } = 16;

    /// <summary>How much of the log is kept.</summary>
    internal LogBounds Log { get; init; } = new(MaxTaskBytes: 256 * 1024, MaxStepBytes: 4 * 1024 * 1024);

    /// <summary>How long lines of the log wait for a record that is written for something else.</summary>
    public TimeSpan LogInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many bytes of lines in records a step may leave behind, so that the next one has not too much to read.</summary>
    internal int MaxLogInTail { get; init; } = 64 * 1024;
}
