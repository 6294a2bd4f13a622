using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>Starts runs by a schedule: after runs that can work, but beside those that wait.</summary>
/// <remarks>
/// A run's id is its time, so that two callers create the same run. Its index entry is written before the time counts as started: if a caller dies in
/// between, the run is continued and no time is lost. docs/runs.md has the order of writes.
/// </remarks>
internal sealed class ScheduledNextRunPolicy(RunFiles files, Flow flow, FlowSchedule schedule, IReadOnlyDictionary<string, object?> parameters)
    : NextRunPolicy(files, flow, parameters)
{
    private readonly RunFiles _files = files;
    private readonly Flow _flow = flow;
    private readonly IReadOnlyDictionary<string, object?> _parameters = parameters;

    private IReadOnlyList<RecordedRule> _added = [];

    /// <inheritdoc/>
    /// <remarks>If this appears on each call, no time is ever due: the schedule differs each time, or two versions of a script alternate.</remarks>
    public override IReadOnlyList<string> Warnings => _added.Count == 0 ? [] :
        [$"The schedule of flow '{_flow.Name}' has changed: {string.Join(", ", _added)} is new, and its times before {UtcText.Of(_added[0].Since)} are not due. If this warning appears at each call, the schedule changes each time (its start, its zone), or two versions of the flow are called alternately, and nothing is ever due."];

    /// <inheritdoc/>
    public override bool IsBlockedByDamage => false;

    private DateTimeOffset Now => _flow.Services.Clock.GetUtcNow();

    /// <inheritdoc/>
    /// <remarks>A run that waited according to its summary may not wait any more: requests may be pending, or a step that continued it crashed.</remarks>
    public override bool IsBlockedBy(FlowRun run) =>
        !(run.IsSuspended || IsLater(run.StateType, run.NextStartTime) || (run.StateType == StateType.Paused && !IsOutOfTime(run))) || HasNews(run);

    /// <inheritdoc/>
    public override bool IsBlockedBy(FlowState run) =>
        run.AsOfNow() is var now && !(now.IsSuspended || now.StateType == StateType.Paused || IsLater(now.StateType, now.NextStartTime));

    /// <inheritdoc/>
    public override FlowRun Seen(FlowRun run)
    {
        if (run is { Mark: EntryMark.Beginning, ScheduledStartTime: { } time } && Read() is var (entry, record) && !(record.Begun >= time)
            && time <= record.DueTime(schedule with { MaxLateness = null }, passed: null, Now))
        {
            entry.TryWrite(record with { Begun = time }); // a run can be created by id before its time; earlier times are still due
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
    public override FlowState PreviewNext(IReadOnlyList<FlowRun> open)
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
                return (run, IsNew: false); // being created or removed
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

    private DateTimeOffset? DueTime(ScheduleRecord record) => record.DueTime(schedule, schedule.CatchUp == CatchUp.None ? record.EndOfLastRun(_files) : null, Now);

    private bool IsLater(StateType state, DateTimeOffset? start) => state == StateType.Scheduled && start > Now;

    private bool HasNews(FlowRun run) =>
        new IncarnationFolder(run.Folder, run.Incarnation) is var folder
        && (_files.List(folder.Inbox).Count > 0 || new JournalReader(_files, folder).Numbers().DefaultIfEmpty().Max() > run.Record);

    private bool IsOutOfTime(FlowRun run) => _flow.RunTimeout is { } timeout && run.Begun + timeout <= Now;

    // Created by its id. A damaged run is reported where runs are listed, and blocks no other.
    private bool Exists(RunFolder run)
    {
        try
        {
            return ExistingRun.Find(_files, run) is not null;
        }
        catch (FlowException e) when (e.Id is FlowErrorId.RunDamaged or FlowErrorId.RecordVersion)
        {
            return true;
        }
    }
}
