namespace PrefectPS.Diagrams.Reports;

/// <summary>What a report says and leaves out.</summary>
public sealed record ReportOptions
{
    /// <summary>How many characters of a result a report shows, unless told otherwise.</summary>
    public const int DefaultResultLength = 1000;

    /// <summary>Its title; the flow's name unless given.</summary>
    public string? Title { get; init; }

    /// <summary>How many characters of each result and parameter are shown; with 0 none is.</summary>
    public int MaxResultLength { get; init; } = DefaultResultLength;

    /// <summary>Whether results that are in a store only are read from it to be shown.</summary>
    public bool ReadsResults { get; init; }

    /// <summary>Whether the run's flow is not at hand, so that nobody knows which task waits for which.</summary>
    public bool IsOutlined { get; init; }
}
