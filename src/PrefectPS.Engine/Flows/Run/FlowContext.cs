using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>What a task's body can know about where it runs; <c>$FlowContext</c> inside a script block.</summary>
public sealed class FlowContext
{
    private readonly FlowTask _task;
    private readonly State _state;
    private readonly RunIdentity _run;
    private readonly IStepTime _time;
    private readonly CancellationToken? _stop;

    /// <param name="task">The task.</param>
    /// <param name="state">Its state.</param>
    /// <param name="run">The run.</param>
    /// <param name="time">The step's time.</param>
    /// <param name="stop">Cancelled when the body has to end; null where that is when the step does.</param>
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

    /// <summary>When the run was scheduled for (<c>New-Flow -Schedule</c>); where no schedule began it, when it was started. UTC.</summary>
    public DateTimeOffset ScheduledStartTime => _run.ScheduledStartTime;

    /// <summary>The number of this step, from 1.</summary>
    public int Step => _run.Step;

    /// <summary>The task's name.</summary>
    public string TaskName => _task.Name;

    /// <summary>The run that others ask something of: this one or, in a subflow, that which it is in.</summary>
    internal RootRun Root => _run.Root ?? new(_task.Flow, _run.RunId);

    /// <summary>What a text with the variables of a target stands for here, which cannot name the task's inputs.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>.</exception>
    internal string Render(string text) => TargetTemplate.Parse(text, new([], _task.Flow.Parameters)).RenderName(new(_task, _run, default, this));

    /// <summary>Which child of a mapped task this is, from 0; null for any other task.</summary>
    public int? MapIndex { get; internal init; }

    /// <summary>Which run it is.</summary>
    internal RunIdentity Run => _run;

    /// <summary>Whether the results of the task are secrets.</summary>
    internal bool IsSecret => _run.Hides(_task);

    /// <summary>Whether it has ended its process before, or is thought to.</summary>
    internal bool IsSuspect => _state.Crashes.Count > 0;

    /// <summary>Where its run is on record; null where it is not.</summary>
    internal RecordPlace? Record { get; init; }

    /// <summary>Hands on what the body writes; null where nobody does.</summary>
    internal ITaskOutput? Output { get; init; }

    /// <summary>The number of this attempt, from 1.</summary>
    public int RunCount { get; internal init; }

    /// <summary>Whether this attempt was Paused, by its trigger or by itself, and has been let go on.</summary>
    public bool IsResumed { get; internal init; }

    /// <summary>The number of this pass of the task's loop, from 1.</summary>
    public int LoopCount => _state.LoopCount;

    /// <summary>What the pass before came to; null in the first.</summary>
    /// <exception cref="FlowException">It cannot be read from the store.</exception>
    public object? LoopResult => _state.LoopResult?.Value;

    /// <summary>Who sent the event that the task waited for; null where it waited for none, or goes on without one.</summary>
    public string? EventSender => _state.Event?.By;

    /// <summary>The values that the flow's parameters have in this run, by name, whatever its case.</summary>
    public IReadOnlyDictionary<string, object?> Parameters => _run.Parameters;

    /// <summary>What is left of the step's time budget; null where it has none. Never negative.</summary>
    public TimeSpan? RemainingTime => _time.RemainingTime;

    /// <summary>Cancelled when the task has to end: the step is being stopped, the step's time is over, or the task's own timeout is.</summary>
    public CancellationToken CancellationToken => _stop ?? _time.End;
}
