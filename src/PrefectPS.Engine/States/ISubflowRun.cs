namespace PrefectPS.States;

/// <summary>The run of the flow that is a task's body, as far as the task's own state depends on it.</summary>
internal interface ISubflowRun
{
    /// <summary>The subflow's name.</summary>
    string FlowName { get; }

    /// <summary>The run's state.</summary>
    StateType State { get; }

    /// <summary>The message of the run's state.</summary>
    string Message { get; }

    /// <summary>True if nothing is left that a later step would run: not even what a budget cancelled.</summary>
    bool IsOver { get; }

    /// <summary>True if a task in the run, or a subflow of it, waits for a person's approval.</summary>
    bool AwaitsApproval { get; }

    /// <summary>True if the undo of a task in the run, at any depth, is in a phase.</summary>
    bool HasUndo(UndoPhase phase);

    /// <summary>When the run can go on, where it only waits for that; UTC. Else null.</summary>
    DateTimeOffset? NextStartTime { get; }
}
