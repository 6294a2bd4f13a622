namespace PrefectPS.Flows;

/// <summary>What a line of a run's log is.</summary>
public enum FlowLogSource
{
    /// <summary>A change of a task's state, or a request of the run from outside.</summary>
    State,

    /// <summary>What was written for the host, as by Write-Host.</summary>
    Host,

    /// <summary>What was written to the information stream.</summary>
    Information,

    /// <summary>What was written to the verbose stream.</summary>
    Verbose,

    /// <summary>What was written to the warning stream.</summary>
    Warning,

    /// <summary>What was written to the debug stream.</summary>
    Debug,

    /// <summary>What was written to the error stream.</summary>
    Error,

    /// <summary>What a program wrote to its standard error.</summary>
    StandardError,

    /// <summary>That lines were dropped here, since a task or a step had more of them than are kept.</summary>
    Dropped,
}
