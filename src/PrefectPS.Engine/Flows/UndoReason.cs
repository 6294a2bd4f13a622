namespace PrefectPS.Flows;

/// <summary>When the tasks of a run are undone without being asked.</summary>
public enum UndoReason
{
    /// <summary>The run has ended Failed.</summary>
    Failed,

    /// <summary>The run was stopped, as by Stop-FlowRun.</summary>
    Stopped,
}
