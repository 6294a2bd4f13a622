using System.Runtime.InteropServices;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>A change of the state of a task or child.</summary>
/// <param name="Run">The run or subflow run of the task.</param>
/// <param name="Task">The task.</param>
/// <param name="Child">Index of the child, from 0; null for the task itself.</param>
/// <param name="From">The old state.</param>
/// <param name="To">The new state.</param>
/// <param name="Kind">Kind of event.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TaskEvent(RunStates Run, FlowTask Task, int? Child, State From, State To, TaskEventKind Kind)
{
    /// <summary>True for a transition seen by state handlers; false for the state that the task is left in.</summary>
    public bool IsTransition => Kind is TaskEventKind.Changed or TaskEventKind.Polled;
}
