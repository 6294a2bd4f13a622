using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>A run or subflow run while a step works on it.</summary>
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

    /// <param name="states">The states.</param>
    /// <param name="run">The run's identity in this step.</param>
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

    /// <summary>States by task index; changed by <see cref="Settle"/> only.</summary>
    public State[] States => _states.States;

    public TaskPipeline Pipeline { get; }

    public BodyRunner Bodies { get; }

    public SubflowRunner Subflows { get; }

    /// <summary>True if the run is repeated for its result, which was not kept: its tasks are free of budget.</summary>
    public bool IsRerun { get; private set; }

    /// <summary>True if no body may begin until pending control requests are applied.</summary>
    public bool IsHalted => _step.IsHalted;

    /// <summary>Tasks that have not ended for good, in plan order. Do not modify.</summary>
    public int[] Unsettled => _states.Settled.Unsettled;

    /// <summary>Number of state changes.</summary>
    public int Changes => _states.Changes;

    /// <summary>The time.</summary>
    public DateTimeOffset Now => _clock.Now;

    /// <summary>The current run; the given one if nothing changed.</summary>
    public FlowState ToState() => _states.ToState(_run);

    /// <summary>Applies pending control requests.</summary>
    /// <returns>True if there were any and the step continues.</returns>
    public bool ApplyRequests() => _step.Control?.Apply(_states) == true;

    /// <summary>True if the run is now stopped or suspended.</summary>
    public bool IsOnHold => _states.Control.Hold is not null;

    /// <summary>Path prefix of the tasks: that of the subflow.</summary>
    public string Path => _states.Path;

    /// <summary>Creates a pipeline pass for a task or child from its current state.</summary>
    public TaskRun NewTaskRun(int task, int? child) => NewTaskRun(Plan.Tasks[task], _states.StateOf(task, child)!, child, IsRerun);

    /// <summary>Creates the next pipeline pass of a task from a given state.</summary>
    public TaskRun NewTaskRun(TaskRun before, State given) => NewTaskRun(before.Task, given, before.MapIndex, before.IsRerun);

    /// <summary>Creates a pipeline pass that recomputes a result that was not kept.</summary>
    public TaskRun NewRerun(int task, int? child) => NewTaskRun(Plan.Tasks[task], _states.StateOf(task, child)!.Recompute(), child, isRerun: true);

    /// <summary>True if the task is selected and unfinished.</summary>
    public bool IsToRun(int task) => IsSelected(task) && !States[task].IsFinished;

    /// <summary>True if the task is selected.</summary>
    public bool IsSelected(int task) => _selected?.Has(task) != false;

    /// <summary>True if the state of a selected, unsettled task matches.</summary>
    public bool AnySelected(Func<State, bool> isOfKind)
    {
        foreach (var task in Unsettled)
        {
            if (IsSelected(task) && isOfKind(States[task]))
                return true;
        }

        return false;
    }

    /// <summary>Computes the run's status at a time.</summary>
    public RunStatus StatusAt(DateTimeOffset now) => RunStatus.Of(Plan, States, _states.Settled, now, _selected, _states.View.Events, _states.Deadline);

    /// <summary>
    /// Prepares the children of a mapped task: drops them if its inputs changed, so that it is mapped again, and skips those not needed once its goal is
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

    /// <summary>Leaves a task or child in a state; does nothing if it is in that state already.</summary>
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

    /// <summary>Changes a child's state without calling handlers.</summary>
    public void ChangeTo(int task, int child, State to)
    {
        _states.Change(Plan.Tasks[task], child, _states.StateOf(task, child)!, to);
        Settle(task, child, to);
    }

    /// <summary>Skips a child, unless a state handler chooses otherwise.</summary>
    public void LeaveOut(int task, int child, State leftOut)
    {
        var run = NewTaskRun(task, child);
        Settle(task, child, Pipeline.LeaveOut(run, leftOut));
        if (PlanReasons.OfEnd(run.State) is var (action, reason))
            _step.Plan?.Note(run, action, reason);
    }

    /// <summary>Reruns the tasks that the run's result comes from, if their results were not kept.</summary>
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

    /// <summary>Makes what was stopped at the step's deadline due again; children and loops keep their progress.</summary>
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

    /// <summary>Cancels what has not started. Waiting for a time, an approval or a retry is progress, and stays.</summary>
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

    /// <summary>Marks everything unfinished as TimedOut, as the run timed out.</summary>
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

    /// <summary>Undoes the run once it has ended, if requested or configured for this outcome.</summary>
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

    /// <summary>Calls the flow's failure handlers if the run ended Failed in this step.</summary>
    public void NotifyFailure(FlowState after)
    {
        var handlers = after.Flow.FailureHandlers;
        if (handlers.Count == 0 || _step.Plan is not null || ReferenceEquals(after, _before) || after.StateType != StateType.Failed)
            return;
        if (_before is { IsUndoing: true, StateType: StateType.Failed })
            return; // already called when it failed
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

    // A task that was Running before the step and was not started keeps its state.
    private static bool WasStarted(State state, State? given) => state.Type == StateType.Running && !ReferenceEquals(state, given);
}
