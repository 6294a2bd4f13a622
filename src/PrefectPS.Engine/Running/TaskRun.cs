using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>One task on its way through the pipeline, once.</summary>
internal sealed class TaskRun : ITaskOutput
{
    /// <summary>No input, where one could be.</summary>
    public const int NoInput = -1;

    private Effect _performed;
    private Effect _last;
    private EffectResult _result;
    private UpstreamSummary _upstream;

    /// <param name="task">The task.</param>
    /// <param name="given">The state it begins in.</param>
    /// <param name="clock">The step's clock.</param>
    /// <param name="mapIndex">Which child of a mapped task it is, from 0; null for a task itself.</param>
    /// <param name="isRerun">Whether it succeeded before, and runs again for its result, which was not kept.</param>
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

    /// <summary>Which child of a mapped task it is, from 0; null for a task itself.</summary>
    public int? MapIndex { get; }

    /// <summary>Where the task was when this began.</summary>
    public State Given { get; }

    /// <summary>The number that its body would run under, from 1. One found Running was cut off by the end of its process: this is one more attempt.</summary>
    public int Attempt { get; }

    /// <summary>Whether this attempt was paused, in this step or an earlier one, and has been approved.</summary>
    public bool IsResumed { get; }

    /// <summary>Whether it succeeded before, and runs again for its result, which was not kept. It counts in no budget.</summary>
    public bool IsRerun { get; }

    /// <summary>Whether it is a flow of which a part only is to run: what comes of that is no result of the task.</summary>
    public bool IsPart { get; init; }

    /// <summary>Whether it is a flow that another step has begun to run, and of which is not told yet what it ended in.</summary>
    public bool IsUnderWay { get; }

    /// <summary>
    /// Whether the target is left as it is where there is one: not where the body was forced to run, runs in part or does what an event of this run decided, and not where the path
    /// depends on the result of a task that failed.
    /// </summary>
    public bool TakesTarget => !IsPart && !State.ForceRerun && Task.Event is null && !(Task.Target is { TakesInputs: true } && Upstream.Successful < Upstream.Total);

    /// <summary>Where the task is now.</summary>
    public State State { get; set; }

    /// <summary>How far it is on its way.</summary>
    public TaskPhase Phase { get; private set; }

    /// <summary>The input that was recomputed last; <see cref="NoInput"/> for none.</summary>
    public int Recomputed { get; set; } = NoInput;

    /// <summary>What came of its body, once that has been run.</summary>
    public BodyOutcome Outcome { get; private set; }

    /// <summary>Its slug, that of the child where it is one.</summary>
    public string Slug => ChildSlug.Of(Task, MapIndex);

    /// <summary>Keeps secrets out of what it writes; null where nobody asks.</summary>
    public SecretKeeper? Secrets { get; init; }

    /// <summary>Keeps what it writes; null where the run is not on record.</summary>
    public IRunRecorder? Recorder { private get; init; }

    /// <summary>Its slug, with the path of the subflow that it is in.</summary>
    public string Path => Secrets?.Path + Slug;

    string ITaskOutput.Label => Path;

    /// <summary>How its upstream tasks stand.</summary>
    public ref readonly UpstreamSummary Upstream => ref _upstream;

    /// <summary>Its target, rendered; null where it has none, or that is not known yet.</summary>
    public string? TargetPath { get; set; }

    /// <summary>What has changed since its target was made, for which its body runs again; null for nothing.</summary>
    public TargetChange? TargetChange { get; set; }

    /// <summary>By what its body makes its target; null where nobody is to know.</summary>
    public TargetFingerprint? Mark { get; set; }

    /// <summary>Whether its body needs places of tags that all runs of the store share.</summary>
    public bool NeedsPlaces { get; init; }

    /// <summary>The places that its body has; null for none.</summary>
    public IHeldPlaces? Places { get; set; }

    /// <summary>Gives its places back.</summary>
    public void LeavePlaces()
    {
        Places?.Dispose();
        Places = null;
    }

    /// <summary>Tells listeners of its attempt; null where nobody listens, or its body does not run.</summary>
    public AttemptActivity? Activity { get; set; }

    /// <summary>Whether a state handler replaced a state of it, so that it is not the body's own.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>Whether its own code has asked for a restart of the computer, and it is not known yet what becomes of the task.</summary>
    public bool AsksForRestart { get; set; }

    /// <summary>Where its result is kept for later runs; null where it has no cache, or nobody has looked yet.</summary>
    public CachePlace? Cache { get; set; }

    /// <summary>Under which path its result is kept for later runs; null where it is not, or that is not known yet.</summary>
    public string? CachePath => Cache?.Path;

    /// <summary>Looks how its upstream tasks stand, as its checks before the body begin.</summary>
    public void CountUpstream(RunStateView states) => UpstreamSummary.Count(states, Task.Index, MapIndex, out _upstream);

    /// <summary>Whether an effect has been performed for it.</summary>
    public bool HasPerformed(Effect effect) => (_performed & effect) != Effect.None;

    /// <summary>What an effect has come to, until the task changes by it.</summary>
    public EffectResult ResultOf(Effect effect) => _last == effect ? _result : EffectResult.Nothing;

    /// <summary>An effect has been performed.</summary>
    public void SetResult(Effect effect, EffectResult result)
    {
        _performed |= effect;
        (_last, _result) = (effect, result);
    }

    /// <summary>Its body has been run.</summary>
    public void EndBody(BodyOutcome outcome)
    {
        Activity?.End(outcome);
        Activity = null;
        Outcome = outcome;
        Phase = TaskPhase.BodyRun;
    }

    /// <summary>It has changed: other checks follow, and what effects have come to is used up.</summary>
    public void Enter(TaskPhase phase, State state)
    {
        (Phase, State) = (phase, state);
        (_last, _result) = (Effect.None, EffectResult.Nothing);
    }

    /// <summary>What its own code, such as its body, can know about where it runs.</summary>
    /// <param name="run">The run.</param>
    /// <param name="clock">The step's clock.</param>
    /// <param name="stop">Cancelled when the code has to end; null where that is when the step does.</param>
    public FlowContext ContextIn(RunIdentity run, StepClock clock, CancellationToken? stop = null) =>
        new(Task, State, run, clock, stop)
        {
            MapIndex = MapIndex,
            RunCount = Attempt,
            IsResumed = IsResumed,
            Output = this,
            Record = Recorder is { } recorder ? new(recorder.Incarnation, recorder.Results) : null,
        };

    // Its subflow has ended, and what that makes of the task is still to be told: the process ended before, or an edit brought the subflow to another end.
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

    /// <summary>The values of its body's parameters.</summary>
    /// <param name="run">The run.</param>
    /// <param name="states">The run's states.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.EventInvalid"/>: what came with its event cannot be read.</exception>
    public TaskArguments ArgumentsIn(RunIdentity run, RunStateView states) => new(Task, MapIndex, states, run, Payload);

    private IReadOnlyList<KeyValuePair<string, object?>>? Payload =>
        State.Event is { Payload: { } payload } ? field ??= EventPayload.Read(payload, Task.Flow.Services.Values) : null;
}
