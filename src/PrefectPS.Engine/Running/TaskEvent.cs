using System.Runtime.InteropServices;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>What happened to the state of a task, or of a child of a mapped one.</summary>
/// <param name="Run">The run, or the run of a subflow inside it, that the task belongs to.</param>
/// <param name="Task">The task.</param>
/// <param name="Child">Which child of the task, from 0; null for the task itself.</param>
/// <param name="From">The state it was in.</param>
/// <param name="To">The state it is in now.</param>
/// <param name="Kind">What the event says.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TaskEvent(RunStates Run, FlowTask Task, int? Child, State From, State To, TaskEventKind Kind)
{
    /// <summary>Whether it is a transition that state handlers see, rather than what the task is left in.</summary>
    public bool IsTransition => Kind is TaskEventKind.Changed or TaskEventKind.Polled;
}
