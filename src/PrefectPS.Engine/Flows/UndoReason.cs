namespace PrefectPS.Flows;

/// <summary>Outcome after which a run is undone automatically.</summary>
public enum UndoReason
{
    /// <summary>The run ended Failed.</summary>
    Failed,

    /// <summary>The run was stopped, for example by Stop-FlowRun.</summary>
    Stopped,
}
