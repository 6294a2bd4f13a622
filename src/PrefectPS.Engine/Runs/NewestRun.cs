using PrefectPS.Documents;
using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>The newest run on record in its flow's store that is not finished. Where there is none, one begins, or the next is due later.</summary>
internal sealed record NewestRun : RunChoice
{
    private readonly RunFiles _files;
    private readonly IReadOnlyDictionary<string, object?> _parameters;
    private readonly Succession _succession;

    /// <summary>Chooses the run.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="parameters">Values of the flow's parameters, for a run that begins.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the flow has no store.</exception>
    public NewestRun(Flow flow, IReadOnlyDictionary<string, object?> parameters)
    {
        Flow = flow;
        _files = RecordedRuns.FilesOf(flow);
        _parameters = parameters;
        _succession = flow.RunSchedule is { } schedule ? new ScheduledSuccession(_files, flow, schedule, parameters) : new Succession(_files, flow, parameters);
    }

    /// <inheritdoc/>
    public override Flow Flow { get; }

    /// <summary>What is to be done where the flow has changed since the run's last step.</summary>
    public FlowChangeAction OnChange { get; init; }

    /// <inheritdoc/>
    public override OpenedRun Open(CancellationToken cancellationToken)
    {
        var damaged = new List<FlowException>();
        var told = new HashSet<string>(StringComparer.Ordinal);
        var passedOver = new HashSet<string>(StringComparer.Ordinal); // those that are damaged, or wait
        while (true)
        {
            var faults = new List<FlowException>();
            var open = new RunIndex(_files).OpenRuns(Flow.Name, faults.Add);
            var unfinished = open.FirstOrDefault(run => !passedOver.Contains(run.RunId) && _succession.IsHeldBackBy(run));
            foreach (var run in open.Where(run => run != unfinished && (run.IsFinished || run.Due.Count > 0) && told.Add(run.RunId)))
                Tell(run);
            var fault = damaged.FirstOrDefault() ?? faults.Find(IsOfRun);
            if (unfinished is null && fault is not null && _succession.IsHeldBackByDamage)
                throw fault;
            var (found, isNew) = unfinished is not null ? (_succession.Seen(unfinished), false) : _succession.Begin(passedOver);
            if (found is null)
                return fault is not null ? throw fault : new(_succession.NotDue(open)) { Warnings = _succession.Warnings };
            try
            {
                if (TryOpen(found, isNew, goesOn: true, passedOver) is { } opened)
                    return opened with { Warnings = [.. damaged.Concat(faults).Select(each => each.Message), .. _succession.Warnings, .. opened.Warnings] };
            }
            catch (FlowException e) when (e.Id is FlowErrorId.RunDamaged or FlowErrorId.RecordVersion && passedOver.Add(found.RunId))
            {
                damaged.Add(e); // others go on
            }
        }
    }

    /// <inheritdoc/>
    public override OpenedRun Look(CancellationToken cancellationToken)
    {
        var open = new RunIndex(_files).OpenRuns(Flow.Name, fault => throw fault);
        foreach (var found in open.Where(_succession.IsHeldBackBy))
        {
            if (SeenRun.Find(_files, found.Folder, Flow) is { } seen)
            {
                if (seen.Apply(seen.Stored.Run) is var run && !run.IsOver && _succession.IsHeldBackBy(run))
                    return new(seen.Apply(seen.Stored.For(OnChange))) { Warnings = [.. seen.Stored.Warnings, .. OtherParameters(run)] };
            }
            else if (found.Mark == EntryMark.Beginning)
            {
                return new(FlowState.New(Flow, _parameters, found.RunId)) { IsNew = true };
            }
        }

        return new(_succession.LookForNext(open)) { IsNew = true };
    }

    // Somebody is yet to be told of it, though another run goes on. Who works on it does that; what is wrong with it concerns those who go on with it.
    private void Tell(FlowRun run)
    {
        try
        {
            TryOpen(run, isNew: false, goesOn: false, [])?.Dispose();
        }
        catch (FlowException e) when (e.Id is FlowErrorId.StoreConflict or FlowErrorId.RunDamaged or FlowErrorId.RecordVersion)
        {
        }
    }

    // Null where there is nothing to go on with.
    private OpenedRun? TryOpen(FlowRun found, bool isNew, bool goesOn, HashSet<string> passedOver)
    {
        var session = RunSession.Open(_files, found.Folder, Flow, isNew ? found.Incarnation : null);
        var opened = OpenedRun.Of(session, stored => new(stored?.Run ?? FlowState.New(Flow, _parameters, found.RunId)));
        var isToGoOn = false;
        try
        {
            // One that was listed and removed since is not begun anew.
            var isOver = session.Stored is null ? session.EndRemoval() || !session.IsBeginning : opened.Run.IsOver;
            var isWaiting = !isOver && session.Stored is not null && !_succession.IsHeldBackBy(opened.Run);
            if (isOver || isWaiting)
                session.Settle(opened.Run); // its last step died before it could tell
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

    // A new day's values are no fault of the run that the day before left; who gives them is told that they are not its own.
    private IEnumerable<string> OtherParameters(FlowState run)
    {
        if (RunParameters.Changed(run, _parameters) is { Count: > 0 } changed)
            yield return $"Run '{run.RunId}' of flow '{Flow.Name}' continues with the values with which it started; -Parameter has other values of {string.Join(", ", changed)}, which only apply to a new run.";
    }

    // Whether there is a run of a summary that cannot be read: it may be the one to go on with, and no other is begun in its place.
    private bool IsOfRun(FlowException damage) => damage.Target is string path && RunPlace.OfIndex(path) is { } place && _files.VersionOf(place.Head) is not null;
}
