namespace PrefectPS.Flows;

/// <summary>Source of a log line.</summary>
public enum FlowLogSource
{
    /// <summary>A state change of a task, or a control request.</summary>
    State,

    /// <summary>Host output, for example of Write-Host.</summary>
    Host,

    /// <summary>The information stream.</summary>
    Information,

    /// <summary>The verbose stream.</summary>
    Verbose,

    /// <summary>The warning stream.</summary>
    Warning,

    /// <summary>The debug stream.</summary>
    Debug,

    /// <summary>The error stream.</summary>
    Error,

    /// <summary>Standard error of a native program.</summary>
    StandardError,

    /// <summary>Placeholder for dropped lines: the task or step exceeded its log limit.</summary>
    Dropped,
}
