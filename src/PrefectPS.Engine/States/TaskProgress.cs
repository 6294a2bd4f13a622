using PrefectPS.Results;

namespace PrefectPS.States;

/// <summary>
/// What belongs to a task across state changes. Immutable; states without any share <see cref="Initial"/>. Each state change carries it over, except
/// where an operation in <c>Transitions.cs</c> says otherwise.
/// </summary>
internal sealed record TaskProgress
{
    /// <summary>The progress of a task that has not run yet.</summary>
    public static readonly TaskProgress Initial = new();

    /// <summary>Attempt number, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>True if this attempt was paused and approved. The next attempt may pause again.</summary>
    public bool IsResumed { get; init; }

    /// <summary>True to ignore target and cache until the task succeeds.</summary>
    public bool ForceRerun { get; init; }

    /// <summary>Number of the next or last loop pass, from 1.</summary>
    public int LoopCount { get; init; } = 1;

    /// <summary>Result of the previous loop pass; null if none.</summary>
    public TaskResult? LoopResult { get; init; }

    /// <summary>The event the task waits for or has received; null before it waits for one.</summary>
    public AwaitedEvent? Event { get; init; }

    /// <summary>Delay or polling in progress; null before, after success, and for tasks with neither.</summary>
    public TaskWait? Wait { get; init; }

    /// <summary>The steps that crashed while the body ran alone, in order; includes the current one while it runs alone.</summary>
    public IReadOnlyList<TaskCrash> Crashes { get; init; } = [];

    /// <summary>For a mapped task, the goal of its children; for a skipped child, the goal by which it was skipped. Else null.</summary>
    public MapGoal? Goal { get; init; }

    /// <summary>Progress of its undo; null if none was requested.</summary>
    public TaskUndo? Undo { get; init; }

    /// <summary>Run of the subflow that is the task's body; null before it begins and for any other task.</summary>
    public ISubflowRun? SubflowRun { get; init; }
}
