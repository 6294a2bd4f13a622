using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>A run between two steps: every task with its state. Immutable.</summary>
public sealed class FlowState : ISubflowRun
{
    private readonly State[] _states;
    private readonly Lazy<RunStatus> _status;
    private FlowTaskState[]? _tasks;
    private SettledTasks? _settled;

    internal FlowState(Flow flow, RunIdentity identity, State[] states)
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

    /// <summary>How many steps the run has had; 0 for a new one.</summary>
    public int Step => Identity.Step;

    /// <summary>When it was scheduled for (<c>New-Flow -Schedule</c>), which is its id; UTC. Null where no schedule began it.</summary>
    public DateTimeOffset? ScheduledStartTime => ScheduledTime.Find(RunId);

    /// <summary>When the run was started; UTC.</summary>
    public DateTimeOffset StartTime => Identity.Started;

    /// <summary>The former name of <see cref="StartTime"/>.</summary>
    [Obsolete("Use StartTime.")]
    public DateTimeOffset Started => StartTime;

    /// <summary>The values that the flow's parameters have in this run, by name, whatever its case; secrets among them as <see cref="Results.FlowSecret"/>.</summary>
    public IReadOnlyDictionary<string, object?> Parameters => Identity.ShownParameters;

    /// <summary>The name of the run's own state, as Prefect has it: Success and Failed only once nothing is left to run.</summary>
    public string State => StateType.Name();

    /// <summary>When the time of the whole run is over; null where it has any. One that was edited after that has its time anew.</summary>
    internal DateTimeOffset? Deadline => Identity.Control.DeadlineOf(Flow, StartTime);

    /// <summary>Whether the run is over, well or not: nothing is left that a later step would run.</summary>
    internal bool IsOver => _status.Value.IsOver;

    /// <summary>Whether the run has ended, and what it has done is being undone, or is to be.</summary>
    internal bool IsUndoing => _status.Value.IsUndoing;

    /// <summary>Whether the run is over, but for what is to be undone.</summary>
    internal bool HasEnded => _status.Value is { IsOver: true } or { IsUndoing: true };

    /// <summary>What is to be said about the run's state.</summary>
    public string Message => _status.Value.Message;

    /// <summary>Whether a task can still run without help from outside: not Paused, not Cancelled before it is reset.</summary>
    public bool HasPending => _status.Value.HasPending;

    /// <summary>Which tasks the run is of, as -Task, -Tag and -FromTask have chosen them; null for all. Its state speaks of them alone.</summary>
    public string? Selection => Identity.Selection?.ToString();

    /// <summary>When the earliest scheduled task is due, where nothing can run before; UTC. Else null.</summary>
    public DateTimeOffset? NextStartTime => _status.Value.NextStartTime;

    /// <summary>Whether it is suspended (Suspend-FlowRun): nothing of it runs until it is resumed (Resume-FlowRun).</summary>
    public bool IsSuspended => Identity.Control.Mark is { IsStop: false } && !IsOver;

    /// <summary>Whether it was stopped (Stop-FlowRun), and is over by that.</summary>
    public bool IsStopped => Identity.Control.IsStopped;

    /// <summary>Who suspended or stopped it; null where it is neither.</summary>
    public string? RequestedBy => IsSuspended || IsStopped ? Identity.Control.Mark!.By : null;

    /// <summary>Why it is suspended or was stopped; null where it is neither, or nothing was said.</summary>
    public string? Reason => IsSuspended || IsStopped ? Identity.Control.Mark!.Reason : null;

    /// <summary>The tasks with their states, in definition order.</summary>
    public IReadOnlyList<FlowTaskState> Tasks =>
        _tasks ??= [.. Flow.Plan.Tasks.Select(task => new FlowTaskState(task, _states[task.Index], Identity) { Origin = Origin })];

    /// <summary>The type of the run's own state.</summary>
    internal StateType StateType => _status.Value.Type;

    internal RunIdentity Identity { get; }

    /// <summary>What brought the run to this process; null if it began here or was read from a store.</summary>
    internal IRunOrigin? Origin { get; init; }

    /// <summary>The tasks that are to run; null for all.</summary>
    internal SelectedTasks? Selected => Identity.Selection?.In(Flow.Plan);

    /// <summary>Which of its tasks have ended for good.</summary>
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

    /// <summary>The states, by the tasks' index. Not to be written to.</summary>
    internal State[] States => _states;

    /// <summary>A run that nothing of has run yet.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="parameters">Values of its parameters, by name; null for none.</param>
    /// <param name="runId">The run's id; null for a new one.</param>
    /// <exception cref="FlowException">
    /// The flow has a cycle or an unknown upstream task, or <see cref="FlowErrorId.ParameterInvalid"/>.
    /// </exception>
    internal static FlowState New(Flow flow, IReadOnlyDictionary<string, object?>? parameters = null, string? runId = null)
    {
        var bound = RunParameters.Bind(flow, parameters ?? RunParameters.None);
        var now = flow.Services.Clock.GetUtcNow();
        return New(flow, new RunIdentity(runId ?? flow.Services.NewRunId(now), 0, now, bound) { Zone = TargetZone.NameFor(flow) });
    }

    /// <summary>The run of this id, of which nothing has run yet.</summary>
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

    /// <summary>The run with other states, in the same or a later step; what brought it here stays with it.</summary>
    internal FlowState With(RunIdentity identity, State[] states) =>
        new(Flow, identity, states) { Origin = Origin, _settled = ReferenceEquals(states, _states) ? _settled : null };

    /// <summary>The same, where it is known which tasks have ended.</summary>
    internal FlowState With(RunIdentity identity, State[] states, SettledTasks settled) => new(Flow, identity, states) { Origin = Origin, Settled = settled };

    /// <summary>The run once it was edited: where its time was over by then, it has that anew.</summary>
    internal FlowState Edited(DateTimeOffset now) =>
        Identity.Control.Edited(Flow, StartTime, now) is var control && ReferenceEquals(control, Identity.Control) ? this : With(Identity with { Control = control }, _states);

    /// <summary>The run, which says what it is when it is asked first, as it is now: itself unless a time that it waited for has come since.</summary>
    internal FlowState AsOfNow() => NextStartTime <= Flow.Services.Clock.GetUtcNow() ? With(Identity, _states) : this;

    /// <summary>The run, brought here by something else.</summary>
    internal FlowState From(IRunOrigin origin) => new(Flow, Identity, _states) { Origin = origin, _settled = _settled };

    /// <summary>The run with what budgets have cancelled put back to run again; itself where there is nothing of the kind.</summary>
    internal FlowState ResetCancelled()
    {
        State[]? changed = null;
        foreach (var task in Settled.Others)
        {
            var state = ChangeTask(Flow.Plan.Tasks[task], child: null, _states[task], (_, _, given) => Reset(given), (_, subflow) => subflow.ResetCancelled());
            if (!ReferenceEquals(state, _states[task]))
                (changed ??= (State[])_states.Clone())[task] = state;
        }

        return changed is null ? this : With(Identity, changed, Settled); // it is among the others before and after

        static State Reset(State given) => given.IsCancelledByBudget ? given.Reset(given.Message) : given;
    }

    /// <summary>The run with some states changed, those of children and subflows too; itself where none changes.</summary>
    /// <param name="change">The state a task or child is to have.</param>
    internal FlowState Change(Func<FlowTask, State, State> change) => Change((task, _, state) => change(task, state), (_, subflow) => subflow.Change(change));

    /// <summary>The run with some states changed; itself where none changes.</summary>
    /// <param name="change">The state a task or child, by its index, is to have.</param>
    /// <param name="changeSubflow">The subflow run a task or child, named by its slug, is to have.</param>
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
    /// The state of a task or child with what is in it changed, as by <see cref="Change(Func{FlowTask, int?, State, State}, Func{string, FlowState, FlowState})"/>.
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

    // A task goes by its subflow: with something in it to run again, so has the task, and where it has come to another end, so does the task.
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

    /// <summary>The run with other tasks selected, in the runs of its subflows, too; what has not ended by that goes on.</summary>
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

        // The result of a part is not that of the whole, though nothing is left to run in it.
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
