using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>Tells of flows whose next run is due by their schedule, and nobody begins it: by what the store keeps of that alone.</summary>
/// <param name="files">The store.</param>
internal sealed class NotBegunRun(RunFiles files)
{
    /// <summary>What stands for the run of each flow's latest such time: it has the id of its time, and no start.</summary>
    /// <param name="isWanted">Which flows, by name.</param>
    /// <param name="idleFor">For how long a time has been due.</param>
    /// <param name="now">The time.</param>
    /// <param name="report">Takes what cannot be read, and goes on with the others.</param>
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

    // A run that is not finished is overdue itself, or is worked on, or waits; and a time that found one in its way may be one that is left out.
    private FlowRun? TryFind(ScheduleRecord record, TimeSpan idleFor, DateTimeOffset now)
    {
        if (record.LatestNotBegun(now - idleFor) is not { } time || record.EndOfBegun(files) >= time)
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
