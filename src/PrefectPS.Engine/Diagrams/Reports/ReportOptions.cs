namespace PrefectPS.Diagrams.Reports;

/// <summary>Options for a report.</summary>
public sealed record ReportOptions
{
    /// <summary>The default of <see cref="MaxResultLength"/>.</summary>
    public const int DefaultResultLength = 1000;

    /// <summary>The title; null for the flow's name.</summary>
    public string? Title { get; init; }

    /// <summary>The displayed length of results and parameters; 0 hides them.</summary>
    public int MaxResultLength { get; init; } = DefaultResultLength;

    /// <summary>True if stored results are read for display.</summary>
    public bool ReadsResults { get; init; }

    /// <summary>True if the flow is unavailable, so that dependencies are unknown.</summary>
    public bool IsOutlined { get; init; }
}
