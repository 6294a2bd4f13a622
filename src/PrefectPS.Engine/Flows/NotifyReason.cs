namespace PrefectPS.Flows;

/// <summary>What a notification of a run is about.</summary>
public enum NotifyReason
{
    /// <summary>The run has ended Failed.</summary>
    Failed,

    /// <summary>The run has ended Cancelled, such as by Stop-FlowRun.</summary>
    Cancelled,

    /// <summary>The run was suspended, or a task of it has come to wait for an approval or an event.</summary>
    Paused,

    /// <summary>The step before ended without a word: its process died, or was suspended for so long that the run was taken over.</summary>
    Crashed,

    /// <summary>The run has ended well.</summary>
    Success,
}
