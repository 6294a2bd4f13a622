using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>Decides which runs of a flow block the next one, and starts it. Without a schedule: as soon as no run is unfinished.</summary>
/// <param name="files">The flow's store.</param>
/// <param name="flow">The flow.</param>
/// <param name="parameters">Parameter values for a new run.</param>
internal class NextRunPolicy(RunFiles files, Flow flow, IReadOnlyDictionary<string, object?> parameters)
{
    /// <summary>Warnings for the caller.</summary>
    public virtual IReadOnlyList<string> Warnings => [];

    /// <summary>True if a damaged run blocks the next one, as it may be the one to continue.</summary>
    public virtual bool IsBlockedByDamage => true;

    /// <summary>True if, by its summary, a run must be continued before the next one begins.</summary>
    public virtual bool IsBlockedBy(FlowRun run) => true;

    /// <summary>True if a run must be continued before the next one begins.</summary>
    public virtual bool IsBlockedBy(FlowState run) => true;

    /// <summary>Notes a run that is continued, in case the process that created it died before it could.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public virtual FlowRun Seen(FlowRun run) => run;

    /// <summary>Begins the next run. Concurrent callers must not create two: one that was suspended while it held the lease finds the other's run.</summary>
    /// <param name="passedOver">Runs that must not be continued.</param>
    /// <returns>The run, and whether this process creates it; null if none is due.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreConflict"/>: others are creating a run. <see cref="FlowErrorId.StoreFailed"/>. <see
    /// cref="FlowErrorId.ParameterInvalid"/>.
    /// </exception>
    public (FlowRun? Run, bool IsNew) Begin(HashSet<string> passedOver)
    {
        if (!IsAnyDue())
            return (null, IsNew: false);
        using var lease = LeaseWait.TryTakeResume(files, flow.Name, flow.Services) ?? throw FlowErrors.FlowBusy(flow);
        if (FindOther(passedOver) is { } other)
            return (other, IsNew: false);
        if (UnlistedRuns.Find(files, flow.Name).FirstOrDefault(lost => !passedOver.Contains(lost.RunId)) is { } unlisted)
            return (new(files.Store, unlisted.Flow, unlisted.RunId), IsNew: false); // its work would be repeated otherwise
        return Begin();
    }

    /// <summary>Placeholder for the next run if none is due, given the runs that wait.</summary>
    public virtual FlowState NotDue(IReadOnlyList<FlowRun> open) => throw new InvalidOperationException("Without a schedule a run is always due.");

    /// <summary>The run that would begin, or a placeholder if none is due. Writes nothing.</summary>
    /// <param name="open">The unfinished runs.</param>
    public virtual FlowState LookForNext(IReadOnlyList<FlowRun> open) => FlowState.New(flow, parameters);

    /// <summary>True if a run may be due; checked before taking the lease.</summary>
    private protected virtual bool IsAnyDue() => true;

    /// <summary>Begins the next run, holding the lease.</summary>
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

    /// <summary>Summary of a new run.</summary>
    /// <param name="runId">The run's id; null to generate one.</param>
    private protected FlowRun NewRun(string? runId) => FlowRun.Of(
        files.Store, FlowState.New(flow, parameters, runId), flow.Services.NewId(), flow.Services.Clock.GetUtcNow(), EntryMark.Beginning);

    private FlowRun? FindOther(HashSet<string> passedOver) =>
        new RunIndex(files).OpenRuns(flow.Name).FirstOrDefault(run => !passedOver.Contains(run.RunId) && IsBlockedBy(run));
}
