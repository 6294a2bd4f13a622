namespace PrefectPS.Running;

/// <summary>Phase of a task in the pipeline: determines the remaining checks.</summary>
internal enum TaskPhase : byte
{
    /// <summary>Unchanged: all checks before the body.</summary>
    Given,

    /// <summary>Result found at the target or in the cache. The trigger and the condition may still refuse the task.</summary>
    Found,

    /// <summary>Changed to Running.</summary>
    Started,

    /// <summary>The body returned, threw or was left.</summary>
    BodyRun,

    /// <summary>Changed to the body's outcome.</summary>
    OutcomeSet,

    /// <summary>Result cached.</summary>
    Cached,

    /// <summary>Changed to wait for the next attempt.</summary>
    RetrySet,

    /// <summary>The next loop pass begins.</summary>
    Looped,

    /// <summary>No check is left.</summary>
    Ended,
}
