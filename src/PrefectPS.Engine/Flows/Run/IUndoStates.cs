using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>The states of a run that is looked at for what is to be undone, whether they change meanwhile or not.</summary>
internal interface IUndoStates
{
    /// <summary>The flow's plan.</summary>
    FlowPlan Plan { get; }

    /// <summary>The states, by the tasks' index.</summary>
    State[] States { get; }

    /// <summary>Those of the subflow run of a task or child; null where there is none.</summary>
    IUndoStates? Inside(FlowTask task, int? child);
}
