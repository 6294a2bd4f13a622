using PrefectPS.Results;

namespace PrefectPS.States;

/// <summary>
/// What belongs to a task across changes of its state. Immutable; a state that has none of it shares <see cref="Initial"/>. Every change of state
/// carries it, but for the operations in <c>Transitions.cs</c>, the only place that makes one from another.
/// </summary>
internal sealed record TaskProgress
{
    /// <summary>The progress of a task that has not run yet.</summary>
    public static readonly TaskProgress Initial = new();

    /// <summary>The number of this attempt, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>True if this attempt was paused and has been approved. The next attempt may ask again.</summary>
    public bool IsResumed { get; init; }

    /// <summary>True if target and cache are ignored until the task has succeeded.</summary>
    public bool ForceRerun { get; init; }

    /// <summary>The number of the loop pass that is next or was last, from 1.</summary>
    public int LoopCount { get; init; } = 1;

    /// <summary>The result of the loop pass before; null if there was none.</summary>
    public TaskResult? LoopResult { get; init; }

    /// <summary>The event that it waits for, or goes on with; null if it has not come to wait for one.</summary>
    public AwaitedEvent? Event { get; init; }

    /// <summary>That it has been delayed, or has begun to poll; null before, once it has succeeded, and for a task that does neither.</summary>
    public TaskWait? Wait { get; init; }

    /// <summary>The steps that ended without a word while the body ran alone, in order; while it does so in this step, this one, too.</summary>
    public IReadOnlyList<TaskCrash> Crashes { get; init; } = [];

    /// <summary>
    /// Of a mapped task, what its children are judged by; of a child that was not begun, as the map was over before, what that one was judged by. Else null.
    /// </summary>
    public MapGoal? Goal { get; init; }

    /// <summary>How far it is undone; null if nobody has asked for that.</summary>
    public TaskUndo? Undo { get; init; }

    /// <summary>The run of the flow that is the task's body; null before it begins and for any other task.</summary>
    public ISubflowRun? SubflowRun { get; init; }
}
