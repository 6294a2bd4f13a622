namespace PrefectPS.Progress;

/// <summary>The format in which a step reports to a CI platform.</summary>
public enum CIFormat
{
    /// <summary>Detected from the platform's environment variables; none elsewhere.</summary>
    Auto,

    /// <summary>Workflow commands of GitHub Actions, and a job summary.</summary>
    GitHub,

    /// <summary>Logging commands of Azure Pipelines, and a summary of the run.</summary>
    AzurePipelines,

    /// <summary>None.</summary>
    None,
}
