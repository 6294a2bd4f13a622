using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Execution context of a task's body; <c>$FlowContext</c> inside a script block.</summary>
public sealed class FlowContext
{
    private readonly FlowTask _task;
    private readonly State _state;
    private readonly RunIdentity _run;
    private readonly IStepTime _time;
    private readonly CancellationToken? _stop;

    /// <param name="task">The task.</param>
    /// <param name="state">The task's state.</param>
    /// <param name="run">The run.</param>
    /// <param name="time">Remaining time of the step.</param>
    /// <param name="stop">Cancelled when the body has to end; null to use the end of the step.</param>
    internal FlowContext(FlowTask task, State state, RunIdentity run, IStepTime time, CancellationToken? stop)
    {
        _task = task;
        _state = state;
        _run = run;
        _time = time;
        _stop = stop;
    }

    /// <summary>The flow's name.</summary>
    public string FlowName => _task.Flow.Name;

    /// <summary>The run's id.</summary>
    public string RunId => _run.RunId;

    /// <summary>Scheduled time of the run (<c>New-Flow -Schedule</c>); its start if it was started by hand. UTC.</summary>
    public DateTimeOffset ScheduledStartTime => _run.ScheduledStartTime;

    /// <summary>The number of this step, from 1.</summary>
    public int Step => _run.Step;

    /// <summary>The task's name.</summary>
    public string TaskName => _task.Name;

    /// <summary>The root run, which receives control requests: this run, or the one it is nested in.</summary>
    internal RootRun Root => _run.Root ?? new(_task.Flow, _run.RunId);

    /// <summary>Renders a text with target variables; task inputs are not available.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>.</exception>
    internal string Render(string text) => TargetTemplate.Parse(text, new([], _task.Flow.Parameters)).RenderName(new(_task, _run, default, this));

    /// <summary>Index of the child of a mapped task, from 0; null for any other task.</summary>
    public int? MapIndex { get; internal init; }

    /// <summary>Identity of the run.</summary>
    internal RunIdentity Run => _run;

    /// <summary>True if the task's results are secret.</summary>
    internal bool IsSecret => _run.Hides(_task);

    /// <summary>True if the body has crashed its process before, or is suspected to have.</summary>
    internal bool IsSuspect => _state.Crashes.Count > 0;

    /// <summary>Location of the run's record; null if the run is not recorded.</summary>
    internal RecordLocation? Record { get; init; }

    /// <summary>Receives the body's stream output; null if nothing does.</summary>
    internal ITaskOutput? Output { get; init; }

    /// <summary>The number of this attempt, from 1.</summary>
    public int RunCount { get; internal init; }

    /// <summary>True if this attempt was Paused, by its trigger or itself, and then resumed.</summary>
    public bool IsResumed { get; internal init; }

    /// <summary>Iteration of the task's loop, from 1.</summary>
    public int LoopCount => _state.LoopCount;

    /// <summary>Result of the previous iteration; null in the first.</summary>
    /// <exception cref="FlowException">The result cannot be read from the store.</exception>
    public object? LoopResult => _state.LoopResult?.Value;

    /// <summary>Sender of the event the task waited for; null if it waited for none or timed out.</summary>
    public string? EventSender => _state.Event?.By;

    /// <summary>Flow parameter values in this run, by name, case-insensitive.</summary>
    public IReadOnlyDictionary<string, object?> Parameters => _run.Parameters;

    /// <summary>Remaining time budget of the step; null if unlimited. Never negative.</summary>
    public TimeSpan? RemainingTime => _time.RemainingTime;

    /// <summary>Cancelled when the task has to end: the step is stopped, its time is over, or the task timed out.</summary>
    public CancellationToken CancellationToken => _stop ?? _time.End;
}
