using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Runs one step: as many tasks of a run as its budget allows, in the plan's order.</summary>
internal sealed class StepRunner
{
    private readonly FlowState _given;
    private readonly FlowPlan _plan;
    private readonly State[] _states;
    private readonly RunInfo _run;
    private readonly StateHandlers _handlers;
    private readonly TaskPipeline _pipeline;
    private readonly StepClock _clock;
    private readonly StepBudget _budget;
    private readonly IBodyPool? _pool;
    private readonly StepProgress? _progress;
    private bool _changed;
    private bool _progressed; // whether the current pass has changed any state

    private StepRunner(FlowState given, StepBudget budget, IBodyPool? pool, IStepObserver? observer, CancellationToken cancellationToken)
    {
        _budget = budget;
        _pool = pool;
        var flow = given.Flow;
        _given = given;
        _plan = flow.Freeze();
        _states = (State[])given.States.Clone();
        _run = given.Run with { Step = given.Step + 1 };
        _clock = new(budget, flow.Services, cancellationToken);
        _handlers = new(flow.StateHandlers, _run);
        _progress = observer is null ? null : new(observer, _states, _clock);
        _pipeline = new(_plan, _states, _run, _clock, _handlers) { Progress = _progress };
    }

    /// <summary>Runs a step of a run.</summary>
    /// <param name="given">The run as the last step left it.</param>
    /// <param name="budget">What ends the step.</param>
    /// <param name="resetCancelled">Whether Cancelled tasks become Pending, before the step and after it.</param>
    /// <param name="pool">Where bodies run when the budget has a throttle.</param>
    /// <param name="observer">Told of what the step does; null where nobody watches.</param>
    /// <param name="cancellationToken">Stops the step: no further task is started.</param>
    /// <returns>The run after the step; <paramref name="given"/> itself where there was nothing to do.</returns>
    /// <exception cref="StepStoppedException">The step was stopped from outside.</exception>
    public static FlowState Run(
        FlowState given, StepBudget budget, bool resetCancelled = false, IBodyPool? pool = null, IStepObserver? observer = null,
        CancellationToken cancellationToken = default) =>
        new StepRunner(resetCancelled ? Reset(given) : given, budget, pool, observer, cancellationToken).Run(resetCancelled);

    private FlowState Run(bool resetCancelled)
    {
        do
        {
            _progressed = false;
            RunPass();
        }
        while (CanRunMore());

        if (_pipeline.IsBudgetUsedUp)
        {
            TakeBackCutShort();
            if (!resetCancelled)
                CancelNotStarted();
        }

        var after = _changed ? new FlowState(_given.Flow, _run, _states) : _given;
        return resetCancelled ? Reset(after) : after;
    }

    private void RunPass()
    {
        if (_budget.Throttle is { } throttle && _pool is not null)
        {
            new ParallelPass(_plan, _states, _pipeline, _clock, throttle, _pool, Set).Run();
            return;
        }

        foreach (var task in _plan.Order)
        {
            if (IsToRun(_plan.Tasks[task], _states[task]))
                RunTask(task);
        }
    }

    // A mapped task whose children a document did not name has to be mapped again.
    private static bool IsToRun(FlowTask task, State state) =>
        !state.IsFinished || (task.IsMapped && state is { Type: StateType.Mapped, Children: null });

    private void RunTask(int task)
    {
        if (_states[task].Children is null)
            Set(task, RunThrough(_plan.Tasks[task], _states[task], mapIndex: null));
        if (_states[task].Children is { } children)
            RunChildren(task, children);
    }

    // The children's array is copied once a step, when the first of them changes, and then written in place.
    private void RunChildren(int task, State[] given)
    {
        var children = given;
        for (var i = 0; i < given.Length; i++)
        {
            if (children[i].IsFinished)
                continue;
            var state = RunThrough(_plan.Tasks[task], children[i], i);
            if (ReferenceEquals(state, children[i]))
                continue;
            if (ReferenceEquals(children, given))
            {
                children = (State[])given.Clone();
                Set(task, _states[task] with { Children = children });
            }

            children[i] = state;
        }
    }

    private State RunThrough(FlowTask task, State given, int? mapIndex)
    {
        TaskRun run;
        do
        {
            run = new(task, given, mapIndex);
            given = _pipeline.Run(run);
        }
        while (run.GoesOn(given, _clock));
        return given;
    }

    // What a pass leaves behind that can still run in this step waits for a time, which may have come meanwhile.
    private bool CanRunMore()
    {
        if (_pipeline.IsBudgetUsedUp || !Array.Exists(_states, IsScheduled))
            return false;
        var now = _clock.Now;
        var status = RunStatus.Of(_plan, _states, now);
        return status.NextStartTime is { } next
            ? TryWaitUntil(next)
            : status.HasPending && _progressed && Array.Exists(_states, state => IsDue(state, now));
    }

    private bool TryWaitUntil(DateTimeOffset time)
    {
        if (_progress is null || !_clock.WaitsFor(time))
            return _clock.TryWaitUntil(time);
        _progress.Wait(time);
        var hasCome = _clock.TryWaitUntil(time);
        _progress.Wait(null);
        return hasCome;
    }

    private static bool IsScheduled(State state) =>
        state.Type.IsScheduled() || (state.Children is { } children && Array.Exists(children, IsScheduled));

    private static bool IsDue(State state, DateTimeOffset now) =>
        (state.Type.IsScheduled() && !state.IsDueAfter(now)) || (state.Children is { } children && Array.Exists(children, child => IsDue(child, now)));

    // What was stopped at the step's deadline is due again; a child or a loop is as far as it was.
    private void TakeBackCutShort()
    {
        foreach (var task in _plan.Order)
        {
            var (state, given) = (_states[task], _given.States[task]);
            if (WasStarted(state, given))
                Set(task, NotRunAgain(state));
            for (var i = 0; i < state.Children?.Length; i++)
            {
                if (WasStarted(state.Children[i], given.Children?[i]))
                    state.Children[i] = NotRunAgain(state.Children[i]);
            }
        }
    }

    // One that was given as Running, and has not been started, is as it was.
    private static bool WasStarted(State state, State? given) => state.Type == StateType.Running && !ReferenceEquals(state, given);

    private static State NotRunAgain(State running) =>
        State.NotRun with { RunCount = running.RunCount, LoopCount = running.LoopCount, LoopResult = running.LoopResult };

    // What waits for its time, its approval or its next attempt is progress; it stays what it is.
    private void CancelNotStarted()
    {
        foreach (var task in _plan.Order)
        {
            var state = _states[task];
            if (state.IsProgress || (state.Type != StateType.Pending && (state.Type != StateType.Scheduled || state.IsDueAfter(_clock.Now))))
                continue;
            var run = new TaskRun(_plan.Tasks[task], state);
            Set(task, _handlers.Change(run, State.CancelledByBudget with { RunCount = state.RunCount }) ?? run.State);
        }
    }

    private void Set(int task, State state)
    {
        _progressed |= !ReferenceEquals(_states[task], state);
        _changed |= _progressed;
        _states[task] = state;
    }

    private static FlowState Reset(FlowState run) => run.Change((_, state) => state.Type == StateType.Cancelled ? state.Reset(state.Message) : state);
}
