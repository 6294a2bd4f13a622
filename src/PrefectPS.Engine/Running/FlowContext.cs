namespace PrefectPS.Running;

/// <summary>What a task's body can know about where it runs; <c>$FlowContext</c> inside a script block.</summary>
public sealed class FlowContext
{
    private readonly StepClock _clock;
    private readonly RunInfo _run;
    private readonly Flows.FlowTask _task;

    internal FlowContext(Flows.FlowTask task, RunInfo run, StepClock clock, int runCount)
    {
        _task = task;
        _run = run;
        _clock = clock;
        RunCount = runCount;
    }

    /// <summary>The flow's name.</summary>
    public string FlowName => _task.Flow.Name;

    /// <summary>The run's id.</summary>
    public string RunId => _run.RunId;

    /// <summary>The number of this step, from 1.</summary>
    public int Step => _run.Step;

    /// <summary>The task's name.</summary>
    public string TaskName => _task.Name;

    /// <summary>The number of this attempt, from 1.</summary>
    public int RunCount { get; }

    /// <summary>What is left of the step's time budget; null where it has none. Never negative.</summary>
    public TimeSpan? RemainingTime => _clock.RemainingTime;

    /// <summary>Cancelled when the step is being stopped.</summary>
    public CancellationToken CancellationToken => _clock.CancellationToken;
}
