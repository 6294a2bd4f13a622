using System.Globalization;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>What happened in the steps of a run: an object for each step, with when it began and ended and all changes of states between, in order.</summary>
internal sealed class RunHistory(RunFiles files, IncarnationFolder folder)
{
    /// <summary>Writes what a step has done, and what those did that died before they could.</summary>
    /// <param name="stored">The run as it was on record before the step; null where it was not.</param>
    /// <param name="journal">The step's own records.</param>
    public void Put(StoredRun? stored, Journal journal)
    {
        var parts = (stored?.Records ?? []).Select(record => (record.Step, record.History))
            .Concat(journal.History.Select(history => (journal.Step, history)));
        foreach (var (step, history) in ByStep(parts, stored?.CheckpointStep ?? 0))
        {
            if (history.Length > JsonArrays.Empty.Length)
                files.Write(folder.History(step), history);
        }
    }

    /// <summary>The course of a run; null where there is no such run.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.StateInvalid"/>.</exception>
    public static RunCourse? Find(IFlowStore store, string flow, string runId)
    {
        var files = new RunFiles(store);
        if (LivingRun.Find(files, RunFolder.Of(flow, runId)) is not { Head.Started: { } started } run)
            return null;
        var state = files.Read(run.Folder.State)?.Content;
        var last = RecordsAfter(files, run.Folder, state is null ? 0 : JournalCheckpoint.Read(state).Record);
        var step = state is null ? 0 : JournalCheckpoint.ReadRun(state)?.Step ?? 0;
        return new RunHistory(files, run.Folder).Read(started, step, last);
    }

    private static List<JournalRecord> RecordsAfter(RunFiles files, IncarnationFolder folder, int number)
    {
        var records = new List<JournalRecord>();
        while (files.Read(folder.Record(++number)) is { } found)
            records.Add(JournalRecord.Read(found.Content));
        return records;
    }

    // What the records of a step tell that the run's state does not include is all that happened in it, whatever its history says by now.
    private RunCourse Read(DateTimeOffset started, int checkpointStep, List<JournalRecord> last)
    {
        var histories = ByStep(last.Select(record => (record.Step, record.History)), checkpointStep).ToDictionary(part => part.Step, part => part.History);
        foreach (var step in StepsOnRecord().Where(step => !histories.ContainsKey(step)))
            histories.Add(step, files.Read(folder.History(step))?.Content ?? JsonArrays.Empty);
        var reader = new HistoryReader(folder.Run, started);
        foreach (var part in histories.OrderBy(part => part.Key))
            reader.Read(part.Key, part.Value);
        return reader.Course;
    }

    private IEnumerable<int> StepsOnRecord()
    {
        foreach (var entry in files.List(folder.HistoryRoot))
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(entry.Path), NumberStyles.None, CultureInfo.InvariantCulture, out var step))
                yield return step;
        }
    }

    // Changes by hand, with no step behind them, belong to the one before them, whose history is there: perhaps with these changes in it
    // already, where a process died between writing it and writing the state.
    private IEnumerable<(int Step, byte[] History)> ByStep(IEnumerable<(int Step, byte[] History)> parts, int checkpointStep)
    {
        foreach (var step in parts.GroupBy(part => part.Step, part => part.History))
        {
            var joined = JsonArrays.Join(step);
            var before = step.Key <= checkpointStep ? files.Read(folder.History(step.Key))?.Content : null;
            yield return (step.Key, before is null ? joined : JsonArrays.EndsWith(before, joined) ? before : JsonArrays.Join([before, joined]));
        }
    }
}
