namespace PrefectPS.Running;

/// <summary>How far a task is on its way through the pipeline: which checks are still to be asked.</summary>
internal enum TaskPhase : byte
{
    /// <summary>It has not changed yet: all checks before the body.</summary>
    Given,

    /// <summary>Its result was found at its target or in its cache. That does not end it yet: its trigger and its condition may refuse it.</summary>
    Found,

    /// <summary>It was changed to Running.</summary>
    Started,

    /// <summary>Its body has returned or thrown, or was left.</summary>
    BodyRun,

    /// <summary>It was changed to its body's outcome.</summary>
    OutcomeSet,

    /// <summary>Its result was kept for later runs.</summary>
    Cached,

    /// <summary>It was changed to the state in which it waits for its next attempt.</summary>
    RetrySet,

    /// <summary>The next pass of its loop begins.</summary>
    Looped,

    /// <summary>No check is left.</summary>
    Ended,
}
