namespace PrefectPS.Flows;

/// <summary>Why a notification is sent.</summary>
public enum NotifyReason
{
    /// <summary>The run ended Failed.</summary>
    Failed,

    /// <summary>The run ended Cancelled, for example by Stop-FlowRun.</summary>
    Cancelled,

    /// <summary>The run was suspended, or a task began to wait for an approval or an event.</summary>
    Paused,

    /// <summary>The previous step died, or was suspended until another step took the run over.</summary>
    Crashed,

    /// <summary>The run succeeded.</summary>
    Success,
}
