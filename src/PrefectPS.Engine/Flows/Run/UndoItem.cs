using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>A task or child that is next to be undone, now or when due.</summary>
/// <param name="Run">The run or subflow run it belongs to.</param>
/// <param name="Task">The task.</param>
/// <param name="Child">Index of the child, from 0; null for the task itself.</param>
/// <param name="State">The state.</param>
internal readonly record struct UndoItem(IUndoStates Run, FlowTask Task, int? Child, State State);
