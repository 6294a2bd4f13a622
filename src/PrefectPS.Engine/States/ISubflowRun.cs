namespace PrefectPS.States;

/// <summary>The subflow run of a task, as far as the task's own state depends on it.</summary>
internal interface ISubflowRun
{
    /// <summary>The subflow's name.</summary>
    string FlowName { get; }

    /// <summary>The run's state.</summary>
    StateType State { get; }

    /// <summary>The message of the run's state.</summary>
    string Message { get; }

    /// <summary>True if nothing is left for a later step, not even tasks that a budget cancelled.</summary>
    bool IsOver { get; }

    /// <summary>True if a task in the run, at any depth, waits for approval.</summary>
    bool AwaitsApproval { get; }

    /// <summary>True if the undo of a task in the run, at any depth, is in this phase.</summary>
    bool HasUndo(UndoPhase phase);

    /// <summary>When the run can continue, if it only waits for a time; UTC. Else null.</summary>
    DateTimeOffset? NextStartTime { get; }
}
