using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Runs one step: as many tasks of a run as its budget allows, in plan order.</summary>
internal sealed class StepRunner
{
    private readonly WorkingRun _run;
    private readonly StepClock _clock;
    private readonly StepContext _step;
    private readonly Action<WorkingRun> _pass;

    private StepRunner(FlowState given, StepOptions options, StepClock clock, IRunRecorder? recorder, IStepControl? control)
    {
        _clock = clock;
        _step = new(_clock, recorder)
        {
            Notices = options.Notices,
            RoundTripsResults = options.RoundTripsResults,
            Targets = new(given),
            Control = control,
            Thread = options.Thread,
            Plan = options.Plan,
            Restart = options.Restart,
            Places = options.Places,
        };
        _run = new(new(given, recorder, options.Log), given.Identity with { Step = given.Step + 1, IsPlanned = options.Plan is not null }, _step);
        _step.Progress = options.Observer is { } observer ? new(observer, _run, _clock) : null;
        _pass = options.Plan is { } plan ? new PlanningPass(plan).Run
            : options is { Budget.Throttle: { } throttle, Pool: { } pool }
            ? run => new ParallelPass(_step, (_step.RunsAlone ? throttle.OneAtATime() : throttle).Within(options.Places), pool).Run(run)
            : new SequentialPass((run, task) => run.Bodies.Run(task)).Run;
    }

    /// <summary>Runs a step of a run.</summary>
    /// <param name="given">The run as the last step left it.</param>
    /// <param name="options">Options of the step.</param>
    /// <param name="recorder">Records the step; null if nothing is recorded.</param>
    /// <param name="control">Receives control requests; null if there can be none.</param>
    /// <param name="cancellationToken">Stops the step: no further task is started.</param>
    /// <returns>The run after the step; <paramref name="given"/> itself if there was nothing to do.</returns>
    /// <exception cref="StepStoppedException">The step was stopped from outside.</exception>
    /// <exception cref="FlowException"><see cref="FlowErrorId.SelectionInvalid"/>: the selection is not allowed, or needs tasks that did not run.</exception>
    public static FlowState Run(FlowState given, StepOptions options, IRunRecorder? recorder = null, IStepControl? control = null, CancellationToken cancellationToken = default)
    {
        if (given.IsSuspended || (given.IsStopped && !given.IsUndoing))
            return given;
        foreach (var empty in EmptyFlows.In(given.Flow))
            options.Notices.Warn(empty);
        foreach (var ignored in IgnoredLimits.In(given.Flow))
            options.Notices.Warn(ignored);
        if (!options.ResetCancelled && ForgottenReset.Of(given) is { } warning)
            options.Notices.Warn(warning);
        given = options.Selection?.Begin(given, recorder) ?? given;
        if (given.Identity.Selection is not null)
            SelectionGaps.Check(given);
        LongTasks.Warn(given, options);
        using var clock = new StepClock(options.Budget, options.Plan?.Services ?? given.Flow.Services, cancellationToken, given.Deadline);
        return new StepRunner(options.ResetCancelled ? given.ResetCancelled() : given, options, clock, recorder, control).Run(options.ResetCancelled);
    }

    private FlowState Run(bool resetCancelled)
    {
        do
            UntilHalted(RunAll);
        while (_run.ApplyRequests());

        if (_clock.LimitedAnyTask || _clock.IsRunOver)
            _run.RequeueInterrupted();
        if (_clock.IsRunOver && !_run.IsOnHold)
            TimeOut();
        else if (_clock.LimitedAnyTask && !resetCancelled && !_run.IsOnHold)
            _run.CancelNotStarted();

        var after = resetCancelled ? _run.ToState().ResetCancelled() : _run.ToState();
        _run.NotifyFailure(after);
        return after;
    }

    // The timeout fails the run, which may trigger an undo.
    private void TimeOut()
    {
        _run.TimeOut();
        do
            UntilHalted(_run.Undo);
        while (_run.ApplyRequests());
    }

    // Until nothing can run now.
    private void RunAll()
    {
        int before;
        do
        {
            before = _run.Changes;
            _pass(_run);
        }
        while (CanRunMore(hasProgressed: _run.Changes > before));
        _run.Undo();
    }

    // Or until a control request arrives.
    private void UntilHalted(Action part)
    {
        try
        {
            part();
        }
        catch (OperationCanceledException e) when (_step.Control is { IsStopping: true } && _clock.IsStop(e))
        {
            _clock.IgnoreStop(); // the effect of the request is still to be recorded
        }
    }

    // What a pass leaves runnable waits for a time, which may have come meanwhile.
    private bool CanRunMore(bool hasProgressed)
    {
        if (_clock.IsUsedUp || _step.IsHalted || !_run.AnySelected(IsScheduled))
            return false;
        var now = _clock.Now;
        var status = _run.StatusAt(now);
        return status.NextStartTime is { } next
            ? _step.TryWaitUntil(next)
            : status.HasPending && hasProgressed && _run.AnySelected(state => IsDue(state, now));
    }

    private static bool IsScheduled(State state) => state.Type.IsScheduled() || Array.Exists(PartsOf(state), IsScheduled);

    private static bool IsDue(State state, DateTimeOffset now) =>
        (state.Type.IsScheduled() && !state.IsDueAfter(now)) || Array.Exists(PartsOf(state), part => IsDue(part, now));

    private static State[] PartsOf(State state) => state.Children ?? state.SubflowRun?.States ?? [];
}
