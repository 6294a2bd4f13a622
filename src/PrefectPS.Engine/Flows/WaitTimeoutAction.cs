namespace PrefectPS.Flows;

/// <summary>What becomes of a task whose event has not come in time.</summary>
public enum WaitTimeoutAction
{
    /// <summary>It is TimedOut, which is a failure.</summary>
    Fail,

    /// <summary>It is Skipped.</summary>
    Skip,

    /// <summary>Its body runs, without what an event would have brought.</summary>
    Run,
}
