using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>A task or child whose turn it is to be undone, now or at its time.</summary>
/// <param name="Run">The run, or the run of a subflow inside it, that it belongs to.</param>
/// <param name="Task">The task.</param>
/// <param name="Child">Which child of the task, from 0; null for the task itself.</param>
/// <param name="State">Its state.</param>
internal readonly record struct UndoItem(IUndoStates Run, FlowTask Task, int? Child, State State);
