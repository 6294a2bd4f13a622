namespace PrefectPS.Flows;

/// <summary>What happens when a task's wait for an event, or its polling, times out.</summary>
public enum WaitTimeoutAction
{
    /// <summary>The task becomes TimedOut, a failure.</summary>
    Fail,

    /// <summary>The task is Skipped.</summary>
    Skip,

    /// <summary>The body runs without a payload.</summary>
    Run,
}
