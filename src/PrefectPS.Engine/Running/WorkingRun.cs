using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>A run, or the run of a subflow, while a step works on it.</summary>
internal sealed class WorkingRun
{
    private readonly RunStates _states;
    private readonly State[] _given;
    private readonly FlowState _before;
    private readonly RunIdentity _run;
    private readonly SelectedTasks? _selected;
    private readonly SecretKeeper _secrets;
    private readonly StepClock _clock;
    private readonly IStepNotices _notices;
    private readonly MappedTasks _mapped;
    private readonly StepContext _step;
    private readonly MapGoals _goals;

    /// <param name="states">Its states.</param>
    /// <param name="run">Which run it is, in this step.</param>
    /// <param name="step">The step.</param>
    public WorkingRun(RunStates states, RunIdentity run, StepContext step)
    {
        _states = states;
        _step = step;
        _before = states.Start;
        _given = states.Start.States;
        _run = run;
        _selected = run.Selection?.In(states.View.Plan);
        _clock = step.Clock;
        _notices = step.Notices;
        _mapped = new(states.View, run, step.Clock);
        _secrets = new(states.View, run, step.Notices, states.Path);
        _goals = new(this, step.Plan);
        Pipeline = new(states, run, step, new(states.Flow.StateHandlers, run, _secrets, step));
        Bodies = new(states, run, step);
        Subflows = new(states, run, step, Bodies);
    }

    public FlowPlan Plan => _states.View.Plan;

    /// <summary>The states, by the tasks' index; to be changed by <see cref="Settle"/> only.</summary>
    public State[] States => _states.States;

    public TaskPipeline Pipeline { get; }

    public BodyRunner Bodies { get; }

    public SubflowRunner Subflows { get; }

    /// <summary>True if it is run again for its result, which was not kept: its tasks count in no budget.</summary>
    public bool IsRerun { get; private set; }

    /// <summary>True if no body begins until what was asked of the run is applied.</summary>
    public bool IsHalted => _step.IsHalted;

    /// <summary>The tasks that have not ended for good, in the plan's order. Not to be written to.</summary>
    public int[] Unsettled => _states.Settled.Unsettled;

    /// <summary>How often a state has changed.</summary>
    public int Changes => _states.Changes;

    /// <summary>The time.</summary>
    public DateTimeOffset Now => _clock.Now;

    /// <summary>The run as it is now; the given one where nothing has changed.</summary>
    public FlowState ToState() => _states.ToState(_run);

    /// <summary>Applies what was asked of the run.</summary>
    /// <returns>Whether something was, and the step goes on.</returns>
    public bool ApplyRequests() => _step.Control?.Apply(_states) == true;

    /// <summary>True if the run is stopped or suspended by now.</summary>
    public bool IsOnHold => _states.Control.Hold is not null;

    /// <summary>What precedes the slugs of its tasks: the path of the subflow it is a run of.</summary>
    public string Path => _states.Path;

    /// <summary>A task, or a child of a mapped one, on its way through the pipeline from the state it is in.</summary>
    public TaskRun NewTaskRun(int task, int? child) => NewTaskRun(Plan.Tasks[task], _states.StateOf(task, child)!, child, IsRerun);

    /// <summary>A task on its way through the pipeline, from a state that it may not be in.</summary>
    public TaskRun NewTaskRun(TaskRun before, State given) => NewTaskRun(before.Task, given, before.MapIndex, before.IsRerun);

    /// <summary>A task, or a child of a mapped one, that succeeded and runs again for its result, which was not kept.</summary>
    public TaskRun NewRerun(int task, int? child) => NewTaskRun(Plan.Tasks[task], _states.StateOf(task, child)!.Recompute(), child, isRerun: true);

    /// <summary>True if there may be something to do for a task.</summary>
    public bool IsToRun(int task) => IsSelected(task) && !States[task].IsFinished;

    /// <summary>True if a task is one of those that are to run.</summary>
    public bool IsSelected(int task) => _selected?.Has(task) != false;

    /// <summary>True if the state of some task that is to run, and has not ended for good, is of a kind.</summary>
    public bool AnySelected(Func<State, bool> isOfKind)
    {
        foreach (var task in Unsettled)
        {
            if (IsSelected(task) && isOfKind(States[task]))
                return true;
        }

        return false;
    }

    /// <summary>How the run stands at a time.</summary>
    public RunStatus StatusAt(DateTimeOffset now) => RunStatus.Of(Plan, States, _states.Settled, now, _selected, _states.View.Events, _states.Deadline);

    /// <summary>
    /// The children of a mapped task are looked at next: they are taken from one whose inputs are another list by now, so that it is mapped again, and left out where its goal is
    /// decided.
    /// </summary>
    public void Remap(int task)
    {
        if (!IsSelected(task))
            return;
        if (_mapped.HasStaleChildren(task))
            Settle(task, child: null, State.Remap());
        _goals.Begin(task);
    }

    /// <inheritdoc cref="MapGoals.End"/>
    public IReadOnlyList<int> EndMap(int task, int child, Func<int, bool> isBegun) => Plan.Tasks[task].Goal is null ? [] : _goals.End(task, child, isBegun);

    /// <inheritdoc cref="MapGoals.MayBeOver"/>
    public bool MayBeOver(int task) => _goals.MayBeOver(task);

    /// <summary>A task or child is left in a state; nothing happens where it is in that state already.</summary>
    public void Settle(int task, int? child, State state)
    {
        var from = _states.StateOf(task, child);
        _states.Settle(Plan.Tasks[task], child, state);
        if (Plan.Tasks[task].Goal is null)
            return;
        if (child is null)
            _goals.Forget(task);
        else
            _goals.Change(task, from!, _states.StateOf(task, child)!);
    }

    /// <summary>A child changes to a state that no handler is asked about, and is left in it.</summary>
    public void ChangeTo(int task, int child, State to)
    {
        _states.Change(Plan.Tasks[task], child, _states.StateOf(task, child)!, to);
        Settle(task, child, to);
    }

    /// <summary>A child is not begun, unless a state handler chooses otherwise.</summary>
    public void LeaveOut(int task, int child, State leftOut)
    {
        var run = NewTaskRun(task, child);
        Settle(task, child, Pipeline.LeaveOut(run, leftOut));
        if (PlanReasons.OfEnd(run.State) is var (action, reason))
            _step.Plan?.Note(run, action, reason);
    }

    /// <summary>Makes the tasks that its result comes from run again, where theirs were not kept.</summary>
    public void RecomputeLost()
    {
        IsRerun = true;
        for (var task = 0; task < States.Length; task++)
        {
            if (!Plan.IsReference[task] || !States[task].IsResultLost)
                continue;
            for (var child = 0; child < States[task].Children?.Length; child++)
            {
                if (States[task].Children![child].IsResultLost)
                    Settle(task, child, States[task].Children![child].Recompute());
            }

            if (States[task].Children is null)
                Settle(task, child: null, States[task].Recompute());
        }
    }

    /// <summary>What was stopped at the step's deadline is due again; a child or a loop is as far as it was.</summary>
    public void RequeueInterrupted()
    {
        foreach (var task in Unsettled)
        {
            var (state, given) = (States[task], _given[task]);
            if (WasStarted(state, given))
                Requeue(task, child: null, state);
            for (var i = 0; i < state.Children?.Length; i++)
            {
                if (WasStarted(state.Children[i], given.Children?.ElementAtOrDefault(i)))
                    Requeue(task, i, state.Children[i]);
            }
        }
    }

    /// <summary>Cancels what has not been started. What waits for its time, its approval or its next attempt is progress; it stays what it is.</summary>
    public void CancelNotStarted()
    {
        foreach (var task in Unsettled)
        {
            var state = States[task];
            if (!IsSelected(task) || state.IsProgress || (state.Type != StateType.Pending && (state.Type != StateType.Scheduled || state.IsDueAfter(_clock.Now))))
                continue;
            var run = NewTaskRun(task, child: null);
            var left = Pipeline.Cancel(run);
            _states.Settle(run.Task, child: null, left, left.IsCancelledByBudget ? TaskEventKind.Cancelled : TaskEventKind.Settled);
        }
    }

    /// <summary>The time of the run is over: what has not ended is TimedOut.</summary>
    public void TimeOut()
    {
        if (StatusAt(Now).IsOver)
            return;
        foreach (var task in Unsettled)
        {
            if (!IsSelected(task))
                continue;
            if (States[task].Children is null)
                TimeOut(task, child: null, States[task]);
            for (var child = 0; child < States[task].Children?.Length; child++)
                TimeOut(task, child, States[task].Children![child]);
        }
    }

    private void TimeOut(int task, int? child, State state)
    {
        if (!state.IsFinished || state.IsCancelledByBudget)
            Settle(task, child, Pipeline.TimeOut(NewTaskRun(task, child), _states.Flow.RunTimeout!.Value));
    }

    /// <summary>Undoes what is to be undone of the run, once it has ended: somebody has asked for it, or the flow does for runs that end so.</summary>
    public void Undo()
    {
        if (!Plan.MayUndo || _step.IsHalted || _states.Look() is not { IsUndoing: true } now)
            return;
        if (!Array.Exists(now.States, state => state.HasUndo(UndoPhase.Due)))
        {
            var services = now.Flow.Services;
            RequestApplication.Apply(_states, new(services.NewId(), RequestKind.Undo, "New-Flow -UndoOn", services.Clock.GetUtcNow()));
        }

        new UndoPass(_states, _run, _step).Run();
    }

    /// <summary>Calls the flow's failure handlers, where the run has ended Failed in this step.</summary>
    public void NotifyFailure(FlowState after)
    {
        var handlers = after.Flow.FailureHandlers;
        if (handlers.Count == 0 || _step.Plan is not null || ReferenceEquals(after, _before) || after.StateType != StateType.Failed)
            return;
        if (_before is { IsUndoing: true, StateType: StateType.Failed })
            return; // they were called when it had failed
        foreach (var handler in handlers)
        {
            try
            {
                handler.HandleFailure(after);
            }
            catch (Exception e) when (e is not StepStoppedException)
            {
                _notices.Report(FlowErrors.RunHandlerFailed(after, e));
            }
        }
    }

    private TaskRun NewTaskRun(FlowTask task, State given, int? child, bool isRerun) => new(task, given, _clock, child, isRerun)
    {
        IsPart = _selected?.PartOf(task.Index) is not null,
        Secrets = _secrets,
        Recorder = _step.Recorder,
        NeedsPlaces = _step.Places?.AreFor(task) == true,
    };

    private void Requeue(int task, int? child, State running)
    {
        var due = running.Requeue();
        _states.Change(Plan.Tasks[task], child, running, due);
        Settle(task, child, due);
    }

    // One that was given as Running, and has not been started, is as it was.
    private static bool WasStarted(State state, State? given) => state.Type == StateType.Running && !ReferenceEquals(state, given);
}
