using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>Finds scheduled runs that are due and that nobody has started, using only what the store keeps.</summary>
/// <param name="files">The store.</param>
public sealed class MissedRuns(RunFiles files)
{
    /// <summary>Placeholders for the latest missed run of each flow, with the id of its time and no start.</summary>
    /// <param name="isWanted">Selects flows by name.</param>
    /// <param name="idleFor">Minimum time since it was due.</param>
    /// <param name="now">The current time.</param>
    /// <param name="report">Receives faults; reading continues.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public IEnumerable<FlowRun> All(Func<string, bool> isWanted, TimeSpan idleFor, DateTimeOffset now, Action<FlowException> report)
    {
        foreach (var path in files.List(RunFolder.IndexOf(null)).Select(entry => entry.Path).Where(RunFolder.IsSchedule))
        {
            if (TryRead(path, report) is { } record && isWanted(record.Flow) && TryFind(record, idleFor, now) is { } run)
                yield return run;
        }
    }

    private ScheduleRecord? TryRead(string path, Action<FlowException> report)
    {
        try
        {
            return ScheduleEntry.Find(files, path)?.Record;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.RunDamaged)
        {
            report(e);
            return null;
        }
    }

    // An unfinished run is overdue itself, in progress, or waiting; and a time that an active run blocked may be skipped.
    private FlowRun? TryFind(ScheduleRecord record, TimeSpan idleFor, DateTimeOffset now)
    {
        if (record.LatestMissed(now - idleFor) is not { } time || record.EndOfLastRun(files) >= time)
            return null;
        var index = new RunIndex(files);
        var folder = new RunFolder(record.Flow, ScheduledTime.IdOf(time));
        if (index.OpenRuns(record.Flow).Any(run => run is { IsSuspended: false, StateType: not (StateType.Paused or StateType.Scheduled) })
            || index.Find(folder, _ => { }) is not null)
        {
            return null;
        }

        var run = new FlowRun(files.Store, folder.Flow, folder.RunId)
        {
            StateType = StateType.Scheduled,
            NextStartTime = time,
            UpdateTime = time,
            Message = $"It was due at {UtcText.Of(time)}, and was not started.",
        };
        return run.With(run.Message);
    }
}
