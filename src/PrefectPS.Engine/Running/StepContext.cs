using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>What a step shares between a run and its subflow runs.</summary>
internal sealed class StepContext(StepClock clock, IRunRecorder? recorder = null)
{
    /// <summary>The step's budget.</summary>
    public StepClock Clock { get; } = clock;

    /// <summary>Receives warnings and errors that do not end the step.</summary>
    public IStepNotices Notices { get; init; } = NoNotices.Instance;

    /// <summary>True to round-trip each result through its stored form before the next task gets it.</summary>
    public bool RoundTripsResults { get; init; }

    /// <summary>Records the step; null if nothing is recorded.</summary>
    public IRunRecorder? Recorder { get; } = recorder;

    /// <summary>Makes bodies on the step's own thread stoppable; null if that is never needed or not supported.</summary>
    public ISessionThread? Thread
    {
        get => Clock.Deadline is null && Control is null ? null : field;
        init;
    }

    /// <summary>True if bodies run one at a time, to know which one kills the process.</summary>
    public bool RunsAlone => Recorder?.RecordsStarts == true;

    /// <summary>The run's targets, for stores that ignore case.</summary>
    public ClaimedTargets? Targets { get; init; }

    /// <summary>Receives control requests during the step; null if there can be none.</summary>
    public IStepControl? Control { get; init; }

    /// <summary>True if no body may begin until pending control requests are applied.</summary>
    public bool IsHalted => Control?.IsHalted == true;

    /// <summary>Tag slots shared by all runs of the store; null if no task needs any.</summary>
    public ITagPlaces? Places { get; init; }

    /// <summary>The plan, if the step is only planned: no user code runs and nothing is written. Else null.</summary>
    public StepPlan? Plan { get; init; }

    /// <summary>Receives requests to restart the computer; null if the flow is only tested.</summary>
    public ComputerRestart? Restart { private get; init; }

    /// <summary>Tracks running bodies; null if nobody watches.</summary>
    public StepProgress? Progress { get; set; }

    /// <summary>True if a body may begin: no control request is pending.</summary>
    public bool MayBegin()
    {
        Control?.Look();
        return !IsHalted;
    }

    /// <summary>True if an exception ends the step rather than the task: the step was stopped or taken over.</summary>
    public bool IsEnd(Exception e) => Clock.IsStop(e) || e is FlowException { Id: FlowErrorId.StoreConflict };

    /// <summary>The state in which a signal ends a task. A request to restart fails if the run could not continue afterwards.</summary>
    public State Take(TaskRun task, FlowSignalException signal)
    {
        if (signal.Computer is not { } computer || Restart is null)
            return signal.State;
        if (Restart.Refuse(task, computer, isRecorded: Recorder is not null) is { } refused)
            return TaskErrors.Fail(refused.Message, TaskError.From(refused));
        task.AsksForRestart = true;
        return signal.State;
    }

    /// <summary>Completes a restart request once its task is left in a state: if that is successful, the step ends.</summary>
    public void Follow(TaskRun task, State state)
    {
        task.AsksForRestart = false;
        var restarts = state.IsSuccessful && !task.IsRerun;
        if (restarts)
        {
            Restart!.Add(task);
            Clock.EndStep();
        }

        var text = restarts ? StateMessages.Restarts(Restart!.Computer, task.Path) : StateMessages.DoesNotRestart(Restart!.Computer, task.Path, state, task.IsRerun);
        Notices.Warn(text);
        Recorder!.RecordLine(task.Path, task.Attempt, FlowLogSource.Warning, text);
    }

    /// <summary>
    /// True if an exception is a store fault of a recorded run: the task is left as it was, the step ends, and the next one continues. An unrecorded run
    /// would be lost by that, so there the task fails.
    /// </summary>
    public bool IsStoreFault(Exception e) => Recorder is not null && e is FlowException { Id: FlowErrorId.StoreFailed };

    /// <summary>Reads a task's inputs in advance, to tell a failing store from failing user code.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public void ReadInputs(TaskRun task, in TaskArguments arguments)
    {
        if (Recorder is null)
            return;
        for (var i = 0; i < task.Task.InputCount; i++)
        {
            try
            {
                _ = arguments[i];
            }
            catch (FlowException e) when (!IsStoreFault(e))
            {
                return; // reported when the task reads it
            }
        }
    }

    /// <summary>Waits until a time, if the step waits at all and has enough time left.</summary>
    /// <returns>True if the time has come.</returns>
    /// <exception cref="StepStoppedException">The step was stopped.</exception>
    public bool TryWaitUntil(DateTimeOffset time)
    {
        if (Clock.WaitsFor(time))
            Recorder?.Flush();
        var halt = Control?.Halt ?? CancellationToken.None;
        if (Progress is not { } progress || !Clock.WaitsFor(time))
            return Clock.TryWaitUntil(time, halt);
        progress.Wait(time);
        var hasCome = Clock.TryWaitUntil(time, halt);
        progress.Wait(null);
        return hasCome;
    }
}
