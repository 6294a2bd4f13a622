using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Read access to a run's states for undo, whether they change meanwhile or not.</summary>
internal interface IUndoStates
{
    /// <summary>The flow's plan.</summary>
    FlowPlan Plan { get; }

    /// <summary>States by task index.</summary>
    State[] States { get; }

    /// <summary>The states of the subflow run of a task or child; null if it has none.</summary>
    IUndoStates? Inside(FlowTask task, int? child);
}
