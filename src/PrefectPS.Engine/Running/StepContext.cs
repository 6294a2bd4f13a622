using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>What the runs have in common that a step works on: a run, and those of flows inside it.</summary>
internal sealed class StepContext(StepClock clock, IRunRecorder? recorder = null)
{
    /// <summary>The step's budget.</summary>
    public StepClock Clock { get; } = clock;

    /// <summary>Takes what a person should know of, though the step goes on.</summary>
    public IStepNotices Notices { get; init; } = NoNotices.Instance;

    /// <summary>True if each result goes through its stored form before the next task gets it.</summary>
    public bool RoundTripsResults { get; init; }

    /// <summary>Records what the step does; null if nothing is recorded.</summary>
    public IRunRecorder? Recorder { get; } = recorder;

    /// <summary>Runs bodies on the step's own thread so that they can be stopped; null if that is never to be, or they end by themselves alone.</summary>
    public ISessionThread? Thread
    {
        get => Clock.Deadline is null && Control is null ? null : field;
        init;
    }

    /// <summary>True if bodies run one at a time, so that it is known which one ends the process.</summary>
    public bool RunsAlone => Recorder?.RecordsStarts == true;

    /// <summary>The targets of the run, where a store may take two of them for one.</summary>
    public ClaimedTargets? Targets { get; init; }

    /// <summary>What others ask of the run meanwhile; null if nobody can.</summary>
    public IStepControl? Control { get; init; }

    /// <summary>True if no body begins until what was asked of the run is applied.</summary>
    public bool IsHalted => Control?.IsHalted == true;

    /// <summary>The places of tags that all runs of the store share; null if no task needs any.</summary>
    public ITagPlaces? Places { get; init; }

    /// <summary>What is found out of a step that is only planned: no code of the user's own is called then, and nothing is written. Null for one that is taken.</summary>
    public StepPlan? Plan { get; init; }

    /// <summary>Takes that tasks ask for a restart of the computer; null if a flow is only tried.</summary>
    public ComputerRestart? Restart { private get; init; }

    /// <summary>Told of bodies that begin and end; null if nobody watches.</summary>
    public StepProgress? Progress { get; set; }

    /// <summary>True if a body may begin: nothing was asked of the run that comes before it.</summary>
    public bool MayBegin()
    {
        Control?.Look();
        return !IsHalted;
    }

    /// <summary>True if an exception ends the step, so that nothing becomes of the task: the step is being stopped from outside, or was taken over.</summary>
    public bool IsEnd(Exception e) => Clock.IsStop(e) || e is FlowException { Id: FlowErrorId.StoreConflict };

    /// <summary>The state in which a signal of its own code ends a task: one that asks for a restart has failed where nothing could go on after that.</summary>
    public State Take(TaskRun task, FlowSignalException signal)
    {
        if (signal.Computer is not { } computer || Restart is null)
            return signal.State;
        if (Restart.Refuse(task, computer, isRecorded: Recorder is not null) is { } refused)
            return TaskErrors.Fail(refused.Message, TaskError.From(refused));
        task.AsksForRestart = true;
        return signal.State;
    }

    /// <summary>A task whose code has asked for a restart is left in a state: where that is a good one the step comes to its end.</summary>
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
    /// True if an exception is a fault of a store in a run on record: it is no fault of the task, which is left as it was before. The step ends, and the next
    /// one goes on. A run that is in memory alone would be lost by that: there the task has failed.
    /// </summary>
    public bool IsStoreFault(Exception e) => Recorder is not null && e is FlowException { Id: FlowErrorId.StoreFailed };

    /// <summary>Reads what a task is given from where it is, so that a store that fails is told apart from code of the user's own.</summary>
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
                return; // the task is told when it asks for it
            }
        }
    }

    /// <summary>Waits until a time, where the step waits at all and has so much time left.</summary>
    /// <returns>Whether the time has come.</returns>
    /// <exception cref="StepStoppedException">The step was stopped meanwhile.</exception>
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
