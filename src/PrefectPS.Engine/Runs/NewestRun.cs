using PrefectPS.Documents;
using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>The newest run on record in its flow's store that is not finished. Where there is none, one begins.</summary>
internal sealed record NewestRun : RunChoice
{
    private readonly RunFiles _files;
    private readonly IReadOnlyDictionary<string, object?> _parameters;

    /// <summary>Chooses the run.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="parameters">Values of the flow's parameters, for a run that begins.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the flow has no store.</exception>
    public NewestRun(Flow flow, IReadOnlyDictionary<string, object?> parameters)
    {
        Flow = flow;
        _files = RecordedRuns.FilesOf(flow);
        _parameters = parameters;
    }

    /// <inheritdoc/>
    public override Flow Flow { get; }

    /// <summary>What is to be done where the flow has changed since the run's last step.</summary>
    public FlowChangeAction OnChange { get; init; }

    /// <inheritdoc/>
    public override OpenedRun Open(CancellationToken cancellationToken)
    {
        var damaged = new Dictionary<string, FlowException>(StringComparer.Ordinal);
        var told = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var faults = new List<FlowException>();
            var open = new RunIndex(_files).OpenRuns(Flow.Name, faults.Add);
            foreach (var run in open.Skip(1).Where(run => (run.IsFinished || run.Due.Count > 0) && told.Add(run.RunId)))
                Tell(run);
            var unfinished = open.FirstOrDefault(run => !damaged.ContainsKey(run.RunId));
            if (unfinished is null && (damaged.Values.FirstOrDefault() ?? faults.Find(IsOfRun)) is { } fault)
                throw fault;
            var (found, isNew) = unfinished is not null ? (unfinished, false) : Begin();
            try
            {
                if (TryOpen(found, isNew, goesOn: true) is { } opened)
                    return opened with { Warnings = [.. damaged.Values.Concat(faults).Select(each => each.Message), .. opened.Warnings] };
            }
            catch (FlowException e) when (e.Id is FlowErrorId.RunDamaged or FlowErrorId.RecordVersion && !damaged.ContainsKey(found.RunId))
            {
                damaged.Add(found.RunId, e); // others go on
            }
        }
    }

    // Somebody is yet to be told of it, though a newer run goes on. Who works on it does that; what is wrong with it concerns those who go on with it.
    private void Tell(FlowRun run)
    {
        try
        {
            TryOpen(run, isNew: false, goesOn: false)?.Dispose();
        }
        catch (FlowException e) when (e.Id is FlowErrorId.StoreConflict or FlowErrorId.RunDamaged or FlowErrorId.RecordVersion)
        {
        }
    }

    // Null where there is nothing to go on with.
    private OpenedRun? TryOpen(FlowRun found, bool isNew, bool goesOn)
    {
        var session = RunSession.Open(_files, found.Folder, Flow, isNew ? found.Incarnation : null);
        var opened = OpenedRun.Of(session, stored => new(stored?.Run ?? FlowState.New(Flow, _parameters, found.RunId)));
        var isToGoOn = false;
        try
        {
            var isOver = session.Stored is null ? session.EndRemoval() : opened.Run.IsOver;
            if (isOver)
                session.Settle(opened.Run); // its last step died before it could tell
            else if (session.Stored is { } stored && goesOn)
                opened = opened with { Run = stored.For(OnChange), Warnings = [.. stored.Warnings, .. OtherParameters(stored.Run)] };
            isToGoOn = !isOver;
        }
        finally
        {
            if (!isToGoOn)
                opened.Dispose();
        }

        return isToGoOn ? opened : null;
    }

    // A new day's values are no fault of the run that the day before left; who gives them is told that they are not its own.
    private IEnumerable<string> OtherParameters(FlowState run)
    {
        if (RunParameters.Changed(run, _parameters) is { Count: > 0 } changed)
            yield return $"Run '{run.RunId}' of flow '{Flow.Name}' goes on with the values that it began with; -Parameter gives others of {string.Join(", ", changed)}, for a run that begins.";
    }

    // Whether there is a run of a summary that cannot be read: it may be the one to go on with, and no other is begun in its place.
    private bool IsOfRun(FlowException damage) => damage.Target is string path && RunPlace.OfIndex(path) is { } place && _files.VersionOf(place.Head) is not null;

    // Two that look at once and find nothing must not begin two runs. One that was suspended while it held the lease finds the other's run when it looks again.
    private (FlowRun Run, bool IsNew) Begin()
    {
        using var lease = Lease.TryTake(_files, RunFolder.ResumeLease(Flow.Name), Flow.Services, () => { }) ?? throw FlowErrors.FlowBusy(Flow);
        if (RecordedRuns.FindUnfinished(Flow) is { } other)
            return (other, IsNew: false);
        if (UnlistedRuns.Find(_files, Flow.Name).FirstOrDefault() is { } lost)
            return (new(_files.Store, lost.Flow, lost.RunId), IsNew: false); // what is done in it would be done again
        var run = FlowRun.Of(
            _files.Store, FlowState.New(Flow, _parameters), Flow.Services.NewId(), Flow.Services.Clock.GetUtcNow(), EntryMark.Beginning);
        var entry = OpenEntry.Look(_files, run.Folder);
        if (!entry.TryWrite(run))
            throw FlowErrors.FlowBusy(Flow);
        if (new RunIndex(_files).OpenRuns(Flow.Name).FirstOrDefault(open => open.RunId != run.RunId) is not { } first)
            return (run, IsNew: true);
        entry.TryDelete();
        return (first, IsNew: false);
    }
}
