using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>Which runs of a flow keep the next from beginning, and how it begins. Without a schedule: as soon as none is left that is not finished.</summary>
/// <param name="files">The flow's store.</param>
/// <param name="flow">The flow.</param>
/// <param name="parameters">Values of the flow's parameters, for a run that begins.</param>
internal class NextRunPolicy(RunFiles files, Flow flow, IReadOnlyDictionary<string, object?> parameters)
{
    /// <summary>What is to be said to the caller; one sentence each.</summary>
    public virtual IReadOnlyList<string> Warnings => [];

    /// <summary>True if a run that is damaged may be the one to go on with, so that no other begins in its place.</summary>
    public virtual bool IsBlockedByDamage => true;

    /// <summary>True if a run is to be gone on with before the next begins, by its summary.</summary>
    public virtual bool IsBlockedBy(FlowRun run) => true;

    /// <summary>True if a run is to be gone on with before the next begins.</summary>
    public virtual bool IsBlockedBy(FlowState run) => true;

    /// <summary>Takes note of a run that is gone on with, and gives it back: the process that began it may have died before it could.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public virtual FlowRun Seen(FlowRun run) => run;

    /// <summary>Begins the next run. Two that look at once and find nothing must not begin two: one that was suspended while it held the lease finds the other's.</summary>
    /// <param name="passedOver">Runs that are not to be gone on with.</param>
    /// <returns>The run, and whether it is this process that begins it; null if none is due.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: others are at it. <see cref="FlowErrorId.StoreFailed"/>. <see cref="FlowErrorId.ParameterInvalid"/>.</exception>
    public (FlowRun? Run, bool IsNew) Begin(HashSet<string> passedOver)
    {
        if (!IsAnyDue())
            return (null, IsNew: false);
        using var lease = PatientLease.TryTake(files, RunFolder.ResumeLease(flow.Name), flow.Services, () => { }, () => true) ?? throw FlowErrors.FlowBusy(flow);
        if (FindOther(passedOver) is { } other)
            return (other, IsNew: false);
        if (UnlistedRuns.Find(files, flow.Name).FirstOrDefault(lost => !passedOver.Contains(lost.RunId)) is { } unlisted)
            return (new(files.Store, unlisted.Flow, unlisted.RunId), IsNew: false); // what is done in it would be done again
        return Begin();
    }

    /// <summary>What stands for the next run where none is due, beside runs that wait.</summary>
    public virtual FlowState NotDue(IReadOnlyList<FlowRun> open) => throw new InvalidOperationException("Without a schedule a run is always due.");

    /// <summary>The run that would begin, or what stands for it where none is due. Nothing is written.</summary>
    /// <param name="open">The runs that are not finished.</param>
    public virtual FlowState LookForNext(IReadOnlyList<FlowRun> open) => FlowState.New(flow, parameters);

    /// <summary>True if there may be a run to begin: looked at before others are kept from beginning one.</summary>
    private protected virtual bool IsAnyDue() => true;

    /// <summary>Begins the next run, while nobody else does.</summary>
    private protected virtual (FlowRun? Run, bool IsNew) Begin()
    {
        var run = NewRun(runId: null);
        var entry = OpenEntry.Look(files, run.Folder);
        if (!entry.TryWrite(run))
            throw FlowErrors.FlowBusy(flow);
        if (FindOther([run.RunId]) is not { } first)
            return (run, IsNew: true);
        entry.TryDelete();
        return (first, IsNew: false);
    }

    /// <summary>The entry of a run that begins.</summary>
    /// <param name="runId">The run's id; null for a new one.</param>
    private protected FlowRun NewRun(string? runId) => FlowRun.Of(
        files.Store, FlowState.New(flow, parameters, runId), flow.Services.NewId(), flow.Services.Clock.GetUtcNow(), EntryMark.Beginning);

    private FlowRun? FindOther(HashSet<string> passedOver) =>
        new RunIndex(files).OpenRuns(flow.Name).FirstOrDefault(run => !passedOver.Contains(run.RunId) && IsBlockedBy(run));
}
