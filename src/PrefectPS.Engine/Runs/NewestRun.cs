using PrefectPS.Documents;
using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>Chooses the newest unfinished run in the flow's store; if there is none, creates one, or waits for the schedule.</summary>
public sealed record NewestRun : RunChoice
{
    private readonly RunFiles _files;
    private readonly IReadOnlyDictionary<string, object?> _parameters;
    private readonly NextRunPolicy _nextRun;

    /// <summary>Chooses the run.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="parameters">Parameter values for a new run.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the flow has no store.</exception>
    public NewestRun(Flow flow, IReadOnlyDictionary<string, object?> parameters)
    {
        Flow = flow;
        _files = RecordedRuns.FilesOf(flow);
        _parameters = parameters;
        _nextRun = flow.RunSchedule is { } schedule ? new ScheduledNextRunPolicy(_files, flow, schedule, parameters) : new NextRunPolicy(_files, flow, parameters);
    }

    /// <inheritdoc/>
    public override Flow Flow { get; }

    /// <summary>Handling of changes to the flow since the run's last step.</summary>
    public FlowChangeAction OnChange { get; init; }

    /// <inheritdoc/>
    internal override OpenedRun Open(CancellationToken cancellationToken)
    {
        var damaged = new List<FlowException>();
        var told = new HashSet<string>(StringComparer.Ordinal);
        var passedOver = new HashSet<string>(StringComparer.Ordinal); // damaged or waiting runs
        while (true)
        {
            var faults = new List<FlowException>();
            var open = new RunIndex(_files).OpenRuns(Flow.Name, faults.Add);
            var unfinished = open.FirstOrDefault(run => !passedOver.Contains(run.RunId) && _nextRun.IsBlockedBy(run));
            foreach (var run in open.Where(run => run != unfinished && (run.IsFinished || run.Due.Count > 0) && told.Add(run.RunId)))
                SendNotices(run);
            var fault = damaged.FirstOrDefault() ?? faults.Find(IsOfRun);
            if (unfinished is null && fault is not null && _nextRun.IsBlockedByDamage)
                throw fault;
            var (found, isNew) = unfinished is not null ? (_nextRun.Seen(unfinished), false) : _nextRun.Begin(passedOver);
            if (found is null)
                return fault is not null ? throw fault : new(_nextRun.NotDue(open)) { Warnings = _nextRun.Warnings };
            try
            {
                if (TryOpen(found, isNew, goesOn: true, passedOver) is { } opened)
                    return opened with { Warnings = [.. damaged.Concat(faults).Select(each => each.Message), .. _nextRun.Warnings, .. opened.Warnings] };
            }
            catch (FlowException e) when (e.Id is FlowErrorId.RunDamaged or FlowErrorId.RecordVersion && passedOver.Add(found.RunId))
            {
                damaged.Add(e); // other runs continue
            }
        }
    }

    /// <inheritdoc/>
    internal override OpenedRun Preview(CancellationToken cancellationToken)
    {
        var open = new RunIndex(_files).OpenRuns(Flow.Name, fault => throw fault);
        foreach (var found in open.Where(_nextRun.IsBlockedBy))
        {
            if (RunPreview.Find(_files, found.Folder, Flow) is { } seen)
            {
                if (seen.Apply(seen.Stored.Run) is var run && !run.IsOver && _nextRun.IsBlockedBy(run))
                    return new(seen.Apply(seen.Stored.For(OnChange))) { Warnings = [.. seen.Stored.Warnings, .. OtherParameters(run)] };
            }
            else if (found.Mark == EntryMark.Beginning)
            {
                return new(FlowState.New(Flow, _parameters, found.RunId)) { IsNew = true };
            }
        }

        return new(_nextRun.PreviewNext(open)) { IsNew = true };
    }

    // Sends pending notifications of a run although another run continues. If a step works on the run, it does that; faults concern those who continue it.
    private void SendNotices(FlowRun run)
    {
        try
        {
            TryOpen(run, isNew: false, goesOn: false, [])?.Dispose();
        }
        catch (FlowException e) when (e.Id is FlowErrorId.StoreConflict or FlowErrorId.RunDamaged or FlowErrorId.RecordVersion)
        {
        }
    }

    // Null if there is nothing to continue.
    private OpenedRun? TryOpen(FlowRun found, bool isNew, bool goesOn, HashSet<string> passedOver)
    {
        var session = RunSession.Open(_files, found.Folder, Flow, isNew ? found.Incarnation : null);
        var opened = OpenedRun.Of(session, stored => new(stored?.Run ?? FlowState.New(Flow, _parameters, found.RunId)));
        var isToGoOn = false;
        try
        {
            // A run removed since it was listed is not created again.
            var isOver = session.Stored is null ? session.EndRemoval() || !session.IsBeginning : opened.Run.IsOver;
            var isWaiting = !isOver && session.Stored is not null && !_nextRun.IsBlockedBy(opened.Run);
            if (isOver || isWaiting)
                session.Settle(opened.Run); // its last step died before it did this
            else if (session.Stored is { } stored && goesOn)
                opened = opened with { Run = stored.For(OnChange), Warnings = [.. stored.Warnings, .. OtherParameters(stored.Run)] };
            if (isWaiting)
                passedOver.Add(found.RunId);
            isToGoOn = !isOver && !isWaiting;
        }
        finally
        {
            if (!isToGoOn)
                opened.Dispose();
        }

        return isToGoOn ? opened : null;
    }

    // Other parameter values are not an error for a run that was left unfinished, but the caller is warned that they are not used.
    private IEnumerable<string> OtherParameters(FlowState run)
    {
        if (RunParameters.Changed(run, _parameters) is { Count: > 0 } changed)
            yield return $"Run '{run.RunId}' of flow '{Flow.Name}' continues with the values with which it started; -Parameter has other values of {string.Join(", ", changed)}, which only apply to a new run.";
    }

    // True if an unreadable summary belongs to a run: it may be the one to continue, so no other is created.
    private bool IsOfRun(FlowException damage) => damage.Target is string path && RunLocation.OfIndex(path) is { } place && _files.VersionOf(place.Head) is not null;
}
