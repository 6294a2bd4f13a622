namespace PrefectPS.Runs;

/// <summary>How short the journal of a run is kept. Processes that share a store may differ.</summary>
internal sealed record JournalOptions
{
    /// <summary>What users get.</summary>
    public static JournalOptions Default { get; } = new();

    /// <summary>How many records there are side by side before they are merged.</summary>
    public int MaxTail { get; init; } = 8;

    /// <summary>How many records that opened steps are kept: a step that has been taken over so many steps ago finds the number of its next record taken.</summary>
    public int KeptOpenings { get; init; } = 16;
}
