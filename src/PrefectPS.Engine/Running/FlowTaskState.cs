using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>A task of a run with the state it is in. Immutable.</summary>
public sealed class FlowTaskState
{
    internal FlowTaskState(FlowTask task, State state, RunInfo run)
    {
        Task = task;
        Inner = state;
        Run = run;
    }

    /// <summary>The task.</summary>
    public FlowTask Task { get; }

    /// <summary>The task's slug.</summary>
    public string Slug => Task.Slug;

    /// <summary>The type of its state.</summary>
    public StateType State => Inner.Type;

    /// <summary>What is to be said about it; null for nothing.</summary>
    public string? Message => Inner.Message;

    /// <summary>What the task returned; null for nothing. Read from the flow's store on first use.</summary>
    public object? Result => Inner.Result is { IsReadable: true } result ? result.Value : null;

    /// <summary>Where in the store the result is; null where it is not in one.</summary>
    public string? ResultLocation => Inner.Result?.Location;

    /// <summary>Why it failed; null unless an error did it.</summary>
    public TaskError? Error => Inner.Error;

    /// <summary>When its body was started or, for Scheduled and its kinds, when it is due; UTC. Null where neither is known.</summary>
    public DateTimeOffset? StartTime => Inner.DueTime ?? Inner.Started;

    /// <summary>When its body had ended; UTC. Null where it has not run.</summary>
    public DateTimeOffset? EndTime => Inner.Ended;

    /// <summary>How long its body ran; null where it has not run.</summary>
    public TimeSpan? Duration => Inner.Ended - Inner.Started;

    /// <summary>The number of the attempt, from 1.</summary>
    public int RunCount => Inner.RunCount;

    /// <summary>Whether it has ended, well or not.</summary>
    public bool IsFinished => State.IsFinished();

    /// <summary>Whether it has ended well.</summary>
    public bool IsSuccessful => State.IsSuccessful();

    /// <summary>Whether it has ended badly.</summary>
    public bool IsFailed => State.IsFailed();

    /// <summary>Whether it was skipped.</summary>
    public bool IsSkipped => State.IsSkipped();

    /// <summary>Whether it is still to be run.</summary>
    public bool IsPending => State.IsPending();

    /// <summary>Whether its body is being run.</summary>
    public bool IsRunning => State.IsRunning();

    internal State Inner { get; }

    internal RunInfo Run { get; }

    /// <summary>The slug and the state.</summary>
    public override string ToString() => $"{Slug}: {State}";

    internal FlowTaskState With(State state) => new(Task, state, Run);
}
