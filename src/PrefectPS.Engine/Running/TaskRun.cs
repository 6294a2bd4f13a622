using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>One pass of a task or child through the pipeline.</summary>
internal sealed class TaskRun : ITaskOutput
{
    /// <summary>Stands for no input.</summary>
    public const int NoInput = -1;

    private Effect _performed;
    private Effect _last;
    private EffectResult _result;
    private UpstreamSummary _upstream;

    /// <param name="task">The task.</param>
    /// <param name="given">The initial state.</param>
    /// <param name="clock">The step's clock.</param>
    /// <param name="mapIndex">Index of the child of a mapped task, from 0; null for a task itself.</param>
    /// <param name="isRerun">Whether the task succeeded before and runs again for its result, which was not kept.</param>
    public TaskRun(FlowTask task, State given, StepClock clock, int? mapIndex = null, bool isRerun = false)
    {
        Task = task;
        MapIndex = mapIndex;
        IsRerun = isRerun;
        Given = State = given.Unwrapped;
        IsUnderWay = task.Subflow is not null && Given.SubflowRun is { } subflow && Given.Type != StateType.Retrying
            && (!subflow.StateType.IsFinished() || IsToFollow(Given, subflow));
        IsResumed = Given.IsResumed || Given.Type == StateType.Resume || (Given.Type == StateType.Paused && Given.DueTime <= clock.Now && Given.Event is not { IsWaiting: true });
        Attempt = Given.Type.Has(StateTraits.Running | StateTraits.Retrying) ? Limits.Next(Given.RunCount) : Given.RunCount;
    }

    public FlowTask Task { get; }

    /// <summary>Index of the child of a mapped task, from 0; null for a task itself.</summary>
    public int? MapIndex { get; }

    /// <summary>The initial state of this pass.</summary>
    public State Given { get; }

    /// <summary>Number of the attempt, from 1. A task found Running was interrupted by the end of its process: this is the next attempt.</summary>
    public int Attempt { get; }

    /// <summary>True if this attempt was paused, in this or an earlier step, and approved.</summary>
    public bool IsResumed { get; }

    /// <summary>True if the task succeeded before and runs again for its result, which was not kept. Free of budget.</summary>
    public bool IsRerun { get; }

    /// <summary>True if only a part of the subflow is selected: its result is not the task's.</summary>
    public bool IsPart { get; init; }

    /// <summary>True if an earlier step began the subflow, and its end has not been processed.</summary>
    public bool IsUnderWay { get; }

    /// <summary>
    /// True if an existing target is used: not if the task is forced to run, runs in part or acts on an event of this run, and not if the path depends on
    /// the result of a failed task.
    /// </summary>
    public bool TakesTarget => !IsPart && !State.ForceRerun && Task.Event is null && !(Task.Target is { TakesInputs: true } && Upstream.Successful < Upstream.Total);

    /// <summary>The current state.</summary>
    public State State { get; set; }

    /// <summary>The current phase.</summary>
    public TaskPhase Phase { get; private set; }

    /// <summary>The input recomputed last; <see cref="NoInput"/> if none.</summary>
    public int Recomputed { get; set; } = NoInput;

    /// <summary>Outcome of the body, once it has run.</summary>
    public BodyOutcome Outcome { get; private set; }

    /// <summary>Slug of the task or child.</summary>
    public string Slug => ChildSlug.Of(Task, MapIndex);

    /// <summary>Masks secrets in output; null if not needed.</summary>
    public SecretKeeper? Secrets { get; init; }

    /// <summary>Records output; null if the run is not recorded.</summary>
    public IRunRecorder? Recorder { private get; init; }

    /// <summary>Path of the task: its slug, subflows included.</summary>
    public string Path => Secrets?.Path + Slug;

    string ITaskOutput.Label => Path;

    /// <summary>Counts of the upstream states.</summary>
    public ref readonly UpstreamSummary Upstream => ref _upstream;

    /// <summary>Rendered path of the target; null if none or not known yet.</summary>
    public string? TargetPath { get; set; }

    /// <summary>The change since the target was written, for which the body runs again; null if none.</summary>
    public TargetChange? TargetChange { get; set; }

    /// <summary>Hashes of script and inputs to record with the target; null if not needed.</summary>
    public TargetFingerprint? Mark { get; set; }

    /// <summary>True if the body needs tag slots shared by all runs of the store.</summary>
    public bool NeedsPlaces { get; init; }

    /// <summary>The held slots; null if none.</summary>
    public IHeldPlaces? Places { get; set; }

    /// <summary>Releases the slots.</summary>
    public void LeavePlaces()
    {
        Places?.Dispose();
        Places = null;
    }

    /// <summary>Traces the attempt; null if nobody listens or the body does not run.</summary>
    public AttemptActivity? Activity { get; set; }

    /// <summary>True if a state handler replaced a state, so that the result is not the body's own.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>True if the task's code has requested a restart of the computer and its final state is not known yet.</summary>
    public bool AsksForRestart { get; set; }

    /// <summary>Cache location of the result; null if not cached or not known yet.</summary>
    public CacheLocation? Cache { get; set; }

    /// <summary>Cache path of the result; null if not cached or not known yet.</summary>
    public string? CachePath => Cache?.Path;

    /// <summary>Counts the upstream states, before the checks begin.</summary>
    public void CountUpstream(RunStateView states) => UpstreamSummary.Count(states, Task.Index, MapIndex, out _upstream);

    /// <summary>True if an effect has been performed.</summary>
    public bool HasPerformed(Effect effect) => (_performed & effect) != Effect.None;

    /// <summary>Result of an effect, until the task's state changes.</summary>
    public EffectResult ResultOf(Effect effect) => _last == effect ? _result : EffectResult.Nothing;

    /// <summary>Stores the result of an effect.</summary>
    public void SetResult(Effect effect, EffectResult result)
    {
        _performed |= effect;
        (_last, _result) = (effect, result);
    }

    /// <summary>Stores the outcome of the body.</summary>
    public void EndBody(BodyOutcome outcome)
    {
        Activity?.End(outcome);
        Activity = null;
        Outcome = outcome;
        Phase = TaskPhase.BodyRun;
    }

    /// <summary>Enters the next phase; results of effects are consumed.</summary>
    public void Enter(TaskPhase phase, State state)
    {
        (Phase, State) = (phase, state);
        (_last, _result) = (Effect.None, EffectResult.Nothing);
    }

    /// <summary>Execution context for the task's code.</summary>
    /// <param name="run">The run.</param>
    /// <param name="clock">The step's clock.</param>
    /// <param name="stop">Cancelled when the code has to end; null to use the end of the step.</param>
    public FlowContext ContextIn(RunIdentity run, StepClock clock, CancellationToken? stop = null) =>
        new(Task, State, run, clock, stop)
        {
            MapIndex = MapIndex,
            RunCount = Attempt,
            IsResumed = IsResumed,
            Output = this,
            Record = Recorder is { } recorder ? new(recorder.Incarnation, recorder.Results) : null,
        };

    // The subflow has ended and the task has yet to follow: the process died in between, or an edit changed the subflow's outcome.
    private static bool IsToFollow(State given, FlowState subflow) => subflow.IsOver && given is { Started: not null, Ended: null };

    string ITaskOutput.Take(FlowLogSource stream, string text)
    {
        var shown = Hide(text);
        if (Recorder is not null)
            Record(stream, TerminalText.WithoutColours(text) is var plain && plain.Length < text.Length ? Hide(plain) : shown);
        return shown;
    }

    private string Hide(string text) => Secrets?.HideIn(this, text) ?? text;

    private void Record(FlowLogSource stream, string text) => Recorder!.RecordLine(Path, Attempt, stream, text);

    /// <summary>Argument values of the body.</summary>
    /// <param name="run">The run.</param>
    /// <param name="states">The run's states.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.EventInvalid"/>: the event's payload cannot be read.</exception>
    public TaskArguments ArgumentsIn(RunIdentity run, RunStateView states) => new(Task, MapIndex, states, run, Payload);

    private IReadOnlyList<KeyValuePair<string, object?>>? Payload =>
        State.Event is { Payload: { } payload } ? field ??= EventPayload.Read(payload, Task.Flow.Services.Values) : null;
}
