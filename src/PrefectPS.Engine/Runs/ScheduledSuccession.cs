using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>By a schedule the next run begins at its time, behind a run that can work and beside those that wait.</summary>
/// <remarks>
/// The id of a run is its time, so that two callers mean one run. Its entry in the index is written before the time counts as begun for: who dies between the two leaves a
/// run to go on with, and no time is lost. docs/runs.md has the order of writes.
/// </remarks>
internal sealed class ScheduledSuccession(RunFiles files, Flow flow, FlowSchedule schedule, IReadOnlyDictionary<string, object?> parameters)
    : Succession(files, flow, parameters)
{
    private readonly RunFiles _files = files;
    private readonly Flow _flow = flow;
    private readonly IReadOnlyDictionary<string, object?> _parameters = parameters;

    private IReadOnlyList<SeenRule> _added = [];

    /// <inheritdoc/>
    /// <remarks>Where it comes at each call, no time is ever due: the schedule is another one each time, or two versions of a script call in turn.</remarks>
    public override IReadOnlyList<string> Warnings => _added.Count == 0 ? [] :
        [$"The schedule of flow '{_flow.Name}' has changed: {string.Join(", ", _added)} is new, and its times before {UtcText.Of(_added[0].Since)} are not due. If this warning appears at each call, the schedule changes each time (its start, its zone), or two versions of the flow are called alternately, and nothing is ever due."];

    /// <inheritdoc/>
    public override bool IsHeldBackByDamage => false;

    private DateTimeOffset Now => _flow.Services.Clock.GetUtcNow();

    /// <inheritdoc/>
    /// <remarks>A run that waited when its summary was written may not any more: others have left word for it, or whoever went on with it died.</remarks>
    public override bool IsHeldBackBy(FlowRun run) =>
        !(run.IsSuspended || IsLater(run.StateType, run.NextStartTime) || (run.StateType == StateType.Paused && !IsOutOfTime(run))) || HasNews(run);

    /// <inheritdoc/>
    public override bool IsHeldBackBy(FlowState run) =>
        run.AsOfNow() is var now && !(now.IsSuspended || now.StateType == StateType.Paused || IsLater(now.StateType, now.NextStartTime));

    /// <inheritdoc/>
    public override FlowRun Seen(FlowRun run)
    {
        if (run is { Mark: EntryMark.Beginning, ScheduledStartTime: { } time } && Read() is var (entry, record) && !(record.Begun >= time)
            && time <= record.DueTime(schedule with { MaxLateness = null }, passed: null, Now))
        {
            entry.TryWrite(record with { Begun = time }); // by its id one may be begun before its time, and others are due until then
        }

        return run;
    }

    /// <inheritdoc/>
    public override FlowState NotDue(IReadOnlyList<FlowRun> open)
    {
        var next = schedule.NextFrom(Now.AddTicks(1)) ?? DateTimeOffset.MaxValue;
        var run = FlowState.New(_flow, _parameters, ScheduledTime.IdOf(next));
        var first = open.Where(other => !other.IsSuspended).Select(other => other.NextStartTime).Where(time => time > Now).Append(next).Min();
        return run.With(run.Identity with { Due = first }, run.States);
    }

    /// <inheritdoc/>
    public override FlowState LookForNext(IReadOnlyList<FlowRun> open)
    {
        var (_, record) = Read();
        while (DueTime(record) is { } due)
        {
            var run = FlowState.New(_flow, _parameters, ScheduledTime.IdOf(due));
            if (!Exists(RunFolder.Of(_flow.Name, run.RunId)))
                return run;
            record = record with { Begun = due };
        }

        return NotDue(open);
    }

    /// <inheritdoc/>
    private protected override (FlowRun? Run, bool IsNew) Begin()
    {
        while (true)
        {
            var (entry, record) = Read();
            if (entry.Record is { } known)
                _added = [.. record.Rules.Except(known.Rules)];
            if (DueTime(record) is not { } due)
            {
                if (entry.TryWrite(record))
                    return (null, IsNew: false);
                continue;
            }

            var begun = record with { Begun = due };
            var run = NewRun(ScheduledTime.IdOf(due));
            if (Exists(run.Folder))
            {
                entry.TryWrite(begun);
                continue;
            }

            var open = OpenEntry.Read(_files, run.Folder);
            if (open.IsThere)
                return (run, IsNew: false); // it is being begun, or removed
            if (!open.TryWrite(run))
                throw FlowErrors.FlowBusy(_flow);
            if (entry.TryWrite(begun))
                return (run, IsNew: true);
            open.TryDelete();
        }
    }

    /// <inheritdoc/>
    private protected override bool IsAnyDue() => Read() is var (entry, record) && (!ReferenceEquals(record, entry.Record) || DueTime(record) is not null);

    private (ScheduleEntry Entry, ScheduleRecord Record) Read()
    {
        var entry = ScheduleEntry.Read(_files, _flow);
        return (entry, (entry.Record ?? new(_flow.Name, [], Begun: null)).With(schedule, Now));
    }

    private DateTimeOffset? DueTime(ScheduleRecord record) => record.DueTime(schedule, schedule.CatchUp == CatchUp.None ? record.EndOfBegun(_files) : null, Now);

    private bool IsLater(StateType state, DateTimeOffset? start) => state == StateType.Scheduled && start > Now;

    private bool HasNews(FlowRun run) =>
        new IncarnationFolder(run.Folder, run.Incarnation) is var folder
        && (_files.List(folder.Inbox).Count > 0 || new JournalReader(_files, folder).Numbers().DefaultIfEmpty().Max() > run.Record);

    private bool IsOutOfTime(FlowRun run) => _flow.RunTimeout is { } timeout && run.Begun + timeout <= Now;

    // Somebody has begun it by its id. One that is damaged is told of where runs are listed, and holds up no other.
    private bool Exists(RunFolder run)
    {
        try
        {
            return LivingRun.Find(_files, run) is not null;
        }
        catch (FlowException e) when (e.Id is FlowErrorId.RunDamaged or FlowErrorId.RecordVersion)
        {
            return true;
        }
    }
}
