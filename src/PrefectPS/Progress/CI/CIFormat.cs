namespace PrefectPS.Progress;

/// <summary>In which form a step tells a CI platform of its tasks.</summary>
public enum CIFormat
{
    /// <summary>That of the platform whose environment variables say that it is there; none elsewhere.</summary>
    Auto,

    /// <summary>Workflow commands of GitHub Actions, and a job summary.</summary>
    GitHub,

    /// <summary>Logging commands of Azure Pipelines, and a summary of the run.</summary>
    AzurePipelines,

    /// <summary>None.</summary>
    None,
}
