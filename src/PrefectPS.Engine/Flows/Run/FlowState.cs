using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>A run between two steps: every task with its state. Immutable.</summary>
public sealed class FlowState : ISubflowRun
{
    private readonly State[] _states;
    private readonly Lazy<RunStatus> _status;
    private FlowTaskState[]? _tasks;
    private SettledTasks? _settled;

    /// <summary>Creates a run from the states of its tasks.</summary>
    /// <param name="flow">The flow; no task can be added to it after this.</param>
    /// <param name="identity">Which run it is.</param>
    /// <param name="states">The states, by the tasks' index. Not to be written to afterwards.</param>
    public FlowState(Flow flow, RunIdentity identity, State[] states)
    {
        flow.Freeze(); // the states are those of its tasks, by their index
        Flow = flow;
        Identity = identity;
        _states = states;
        _status = new(StatusNow, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The flow.</summary>
    public Flow Flow { get; }

    /// <summary>The run's id.</summary>
    public string RunId => Identity.RunId;

    /// <summary>Number of steps so far; 0 for a new run.</summary>
    public int Step => Identity.Step;

    /// <summary>Scheduled time (<c>New-Flow -Schedule</c>), which is also the run's id; UTC. Null if it was started by hand.</summary>
    public DateTimeOffset? ScheduledStartTime => ScheduledTime.Find(RunId);

    /// <summary>When the run was started; UTC.</summary>
    public DateTimeOffset StartTime => Identity.Started;

    /// <summary>Former name of <see cref="StartTime"/>.</summary>
    [Obsolete("Use StartTime.")]
    public DateTimeOffset Started => StartTime;

    /// <summary>Flow parameter values in this run, by name, case-insensitive; secrets as <see cref="Results.FlowSecret"/>.</summary>
    public IReadOnlyDictionary<string, object?> Parameters => Identity.ShownParameters;

    /// <summary>Prefect's name of the run's state. Success or Failed only once nothing is left to run.</summary>
    public string State => StateType.Name();

    /// <summary>Deadline of the whole run; null if it has no timeout. An edit after it restarts the timeout.</summary>
    internal DateTimeOffset? Deadline => Identity.Control.DeadlineOf(Flow, StartTime);

    /// <summary>True if the run is over: nothing is left that a later step would run.</summary>
    internal bool IsOver => _status.Value.IsOver;

    /// <summary>True if the run has ended and is being undone, or is to be.</summary>
    internal bool IsUndoing => _status.Value.IsUndoing;

    /// <summary>True if the run is over, apart from undoing it.</summary>
    internal bool HasEnded => _status.Value is { IsOver: true } or { IsUndoing: true };

    /// <summary>Message of the run's state.</summary>
    public string Message => _status.Value.Message;

    /// <summary>True if a task can still run without outside help: not Paused, and not Cancelled before a reset.</summary>
    public bool HasPending => _status.Value.HasPending;

    /// <summary>The tasks selected by -Task, -Tag and -FromTask; null for all. The run's state covers only them.</summary>
    public string? Selection => Identity.Selection?.ToString();

    /// <summary>Due time of the earliest scheduled task if nothing can run before; UTC. Else null.</summary>
    public DateTimeOffset? NextStartTime => _status.Value.NextStartTime;

    /// <summary>True if the run is suspended (Suspend-FlowRun): nothing runs until it is resumed (Resume-FlowRun).</summary>
    public bool IsSuspended => Identity.Control.Hold is { IsStop: false } && !IsOver;

    /// <summary>True if the run was stopped (Stop-FlowRun) and is therefore over.</summary>
    public bool IsStopped => Identity.Control.IsStopped;

    /// <summary>Who suspended or stopped the run; null if neither.</summary>
    public string? RequestedBy => IsSuspended || IsStopped ? Identity.Control.Hold!.By : null;

    /// <summary>Reason of the suspension or stop; null if neither, or none was given.</summary>
    public string? Reason => IsSuspended || IsStopped ? Identity.Control.Hold!.Reason : null;

    /// <summary>The tasks with their states, in definition order.</summary>
    public IReadOnlyList<FlowTaskState> Tasks =>
        _tasks ??= [.. Flow.Plan.Tasks.Select(task => new FlowTaskState(task, _states[task.Index], Identity) { Origin = Origin })];

    /// <summary>The type of the run's own state.</summary>
    internal StateType StateType => _status.Value.Type;

    internal RunIdentity Identity { get; }

    /// <summary>Where the run came from, such as a message; null if it began here or was read from a store.</summary>
    internal IRunOrigin? Origin { get; init; }

    /// <summary>The selected tasks; null for all.</summary>
    internal SelectedTasks? Selected => Identity.Selection?.In(Flow.Plan);

    /// <summary>Which tasks have ended for good.</summary>
    internal SettledTasks Settled
    {
        get => _settled ??= SettledTasks.Of(Flow.Plan, _states);
        init => _settled = value;
    }

    StateType ISubflowRun.State => StateType;

    string ISubflowRun.FlowName => Flow.Name;

    bool ISubflowRun.IsOver => IsOver;

    bool ISubflowRun.HasUndo(UndoPhase phase) => Array.Exists(_states, state => state.HasUndo(phase));

    bool ISubflowRun.AwaitsApproval => Array.Exists(_states, state => state.AwaitsApprovalInside || state.CanBeApproved);

    /// <summary>States by task index. Do not modify.</summary>
    internal State[] States => _states;

    /// <summary>Creates a new run.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="parameters">Parameter values by name; null if none.</param>
    /// <param name="runId">The run's id; null to generate one.</param>
    /// <exception cref="FlowException">
    /// The flow has a cycle or an unknown upstream task, or <see cref="FlowErrorId.ParameterInvalid"/>.
    /// </exception>
    internal static FlowState New(Flow flow, IReadOnlyDictionary<string, object?>? parameters = null, string? runId = null)
    {
        var bound = RunParameters.Bind(flow, parameters ?? RunParameters.None);
        var now = flow.Services.Clock.GetUtcNow();
        return New(flow, new RunIdentity(runId ?? flow.Services.NewRunId(now), 0, now, bound) { Zone = TargetZone.NameFor(flow) });
    }

    /// <summary>Creates a new run with this identity.</summary>
    internal static FlowState New(Flow flow, RunIdentity identity)
    {
        var states = new State[flow.Plan.Tasks.Length];
        for (var i = 0; i < states.Length; i++)
            states[i] = PrefectPS.States.State.NotRun;
        return new(flow, identity, states) { Settled = SettledTasks.None(flow.Plan) };
    }

    private RunStatus StatusNow()
    {
        if (Identity.Due is { } due)
            return RunStatus.NotDue(due);
        var (control, status) = (Identity.Control, RunStatus.Of(Flow.Plan, _states, Settled, Flow.Services.Clock.GetUtcNow(), Selected, Identity.Control.Events, Deadline));
        return control.IsStopped
            ? UndoStatus.Of(control.Over(status), this, Flow.UndoOn.Contains(UndoReason.Stopped))
            : control.Over(UndoStatus.Of(status, this, status.Type.IsFailed() && Flow.UndoOn.Contains(UndoReason.Failed)));
    }

    /// <summary>Replaces the states, in the same or a later step; keeps the origin.</summary>
    internal FlowState With(RunIdentity identity, State[] states) =>
        new(Flow, identity, states) { Origin = Origin, _settled = ReferenceEquals(states, _states) ? _settled : null };

    /// <summary>Replaces the states, given which tasks have ended.</summary>
    internal FlowState With(RunIdentity identity, State[] states, SettledTasks settled) => new(Flow, identity, states) { Origin = Origin, Settled = settled };

    /// <summary>Restarts the run's timeout after an edit if it had expired.</summary>
    internal FlowState Edited(DateTimeOffset now) =>
        Identity.Control.Edited(Flow, StartTime, now) is var control && ReferenceEquals(control, Identity.Control) ? this : With(Identity with { Control = control }, _states);

    /// <summary>Re-evaluates the run's status if a due time has passed since; its status is computed once.</summary>
    internal FlowState AsOfNow() => NextStartTime <= Flow.Services.Clock.GetUtcNow() ? With(Identity, _states) : this;

    /// <summary>Sets the origin of the run.</summary>
    internal FlowState From(IRunOrigin origin) => new(Flow, Identity, _states) { Origin = origin, _settled = _settled };

    /// <summary>Resets the tasks that budgets cancelled to run again; returns itself if there are none.</summary>
    internal FlowState ResetCancelled()
    {
        State[]? changed = null;
        foreach (var task in Settled.Unsettled)
        {
            var state = ChangeTask(Flow.Plan.Tasks[task], child: null, _states[task], (_, _, given) => Reset(given), (_, subflow) => subflow.ResetCancelled());
            if (!ReferenceEquals(state, _states[task]))
                (changed ??= (State[])_states.Clone())[task] = state;
        }

        return changed is null ? this : With(Identity, changed, Settled); // a reset task is unsettled before and after

        static State Reset(State given) => given.IsCancelledByBudget ? given.Reset(given.Message) : given;
    }

    /// <summary>Transforms states, including children and subflow runs; returns itself if none changes.</summary>
    /// <param name="change">Returns the new state of a task or child.</param>
    internal FlowState Change(Func<FlowTask, State, State> change) => Change((task, _, state) => change(task, state), (_, subflow) => subflow.Change(change));

    /// <summary>Transforms states; returns itself if none changes.</summary>
    /// <param name="change">Returns the new state of a task or child.</param>
    /// <param name="changeSubflow">Returns the new subflow run of the task or child with this slug.</param>
    internal FlowState Change(Func<FlowTask, int?, State, State> change, Func<string, FlowState, FlowState> changeSubflow)
    {
        State[]? changed = null;
        for (var i = 0; i < _states.Length; i++)
        {
            var state = ChangeTask(Flow.Plan.Tasks[i], child: null, _states[i], change, changeSubflow);
            if (!ReferenceEquals(state, _states[i]))
                (changed ??= (State[])_states.Clone())[i] = state;
        }

        return changed is null ? this : With(Identity, changed);
    }

    /// <summary>
    /// Transforms the state of one task or child, as <see cref="Change(Func{FlowTask, int?, State, State}, Func{string, FlowState, FlowState})"/> does.
    /// </summary>
    internal static State ChangeTask(
        FlowTask task, int? child, State given, Func<FlowTask, int?, State, State> change, Func<string, FlowState, FlowState> changeSubflow)
    {
        var state = ChangeOne(task, child, given, change, changeSubflow);
        return state.Children is { } children ? ChangeChildren(task, state, children, change, changeSubflow) : state;
    }

    private static State ChangeChildren(
        FlowTask task, State state, State[] children, Func<FlowTask, int?, State, State> change, Func<string, FlowState, FlowState> changeSubflow)
    {
        State[]? changed = null;
        for (var i = 0; i < children.Length; i++)
        {
            var child = ChangeOne(task, i, children[i], change, changeSubflow);
            if (!ReferenceEquals(child, children[i]))
                (changed ??= (State[])children.Clone())[i] = child;
        }

        return changed is null ? state : state.WithChildren(changed);
    }

    // A task follows its subflow: it runs again if something in the subflow does, and takes over a changed outcome.
    private static State ChangeOne(FlowTask task, int? child, State given, Func<FlowTask, int?, State, State> change, Func<string, FlowState, FlowState> changeSubflow)
    {
        var changed = change(task, child, given);
        if (changed.SubflowRun is not { } subflow || changeSubflow(ChildSlug.Of(task, child), subflow) is var other && ReferenceEquals(other, subflow))
            return changed;
        return ReferenceEquals(changed, given) && HasOtherEnd(subflow, other) ? changed.FollowSubflow(other) : changed.ChangeSubflow(other);
    }

    private static bool HasOtherEnd(FlowState before, FlowState after) =>
        after.IsOver && (before.StateType != after.StateType || (after.StateType.IsSuccessful() && HasOtherResult(before, after)));

    private static bool HasOtherResult(FlowState before, FlowState after) =>
        before.Flow.Plan.Tasks.Any(task => before.Flow.Plan.IsReference[task.Index] && !ReferenceEquals(before._states[task.Index], after._states[task.Index]));

    /// <summary>Changes the selection, in subflow runs too; what becomes unfinished by that continues.</summary>
    internal FlowState Select(RunSelection? selection)
    {
        var selected = selection?.In(Flow.Plan);
        var states = (State[])_states.Clone();
        foreach (var task in Flow.Plan.Tasks)
        {
            if (task.Subflow is null || selected?.Has(task.Index) == false)
                continue;
            var part = selected?.PartOf(task.Index);
            var state = SelectIn(states[task.Index], part);
            states[task.Index] = state.Children is { } children ? state.WithChildren([.. children.Select(child => SelectIn(child, part))]) : state;
        }

        return With(Identity with { Selection = selection }, states);

        // The result of a partial subflow run is not that of the whole, even if nothing is left to run in it.
        static State SelectIn(State state, RunSelection? part)
        {
            if (state.SubflowRun is not { } subflow || Equals(subflow.Identity.Selection, part))
                return state;
            var other = subflow.Select(part);
            return part is null && other.IsOver && state.IsFinished ? state.FollowSubflow(other) : state.ChangeSubflow(other);
        }
    }

    /// <summary>The flow's name, the step and the state.</summary>
    public override string ToString() => $"{Flow.Name}, step {Step}: {State}";
}
