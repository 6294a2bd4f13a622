using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Reads the log of a run, while a step may be writing it: task output and state changes, interleaved.</summary>
public sealed class RunLog
{
    private readonly RunFiles _files;
    private readonly RunFolder _folder;
    private readonly IncarnationFolder _incarnation;
    private readonly DateTimeOffset _started;
    private readonly JournalReader _reader;
    private Dictionary<string, DateTimeOffset> _running = new(StringComparer.Ordinal); // start times of running bodies
    private readonly HashSet<(int Last, string Path)> _missing = [];
    private int _read; // number of the last record read

    private RunLog(RunFiles files, ExistingRun run, DateTimeOffset started)
    {
        _files = files;
        _incarnation = run.Folder;
        _folder = run.Folder.Run;
        _started = started;
        _reader = run.JournalIn(files);
    }

    /// <summary>The log of a run; null if there is no such run.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, <see cref="FlowErrorId.RunDamaged"/> or <see cref="FlowErrorId.RecordVersion"/>.</exception>
    public static RunLog? Find(IFlowStore store, string flow, string runId)
    {
        var files = new RunFiles(store);
        return ExistingRun.Find(files, RunFolder.Of(flow, runId)) is { Head.Started: { } started } run ? new(files, run, started) : null;
    }

    /// <summary>True if no step continues the run by itself. Call before reading the remaining lines.</summary>
    /// <exception cref="FlowException">As for <see cref="Find"/>.</exception>
    public bool IsOver() => OpenEntry.Read(_files, _folder).Run is not { } entry || entry.Incarnation != _incarnation.Incarnation;

    /// <summary>Reads the lines added since the last call, in order.</summary>
    /// <param name="report">Receives faults of the log; the rest is read.</param>
    /// <returns>The lines; null if the run was removed.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or <see cref="FlowErrorId.RunDamaged"/>: the state changes cannot be read.</exception>
    public IReadOnlyList<FlowLogEntry>? ReadNext(Action<FlowException> report)
    {
        var faults = new List<FlowException>();
        var read = _reader.Read(journal =>
        {
            faults.Clear();
            if (journal.Last == _read)
                return [];
            var lines = LinesIn(journal, faults.Add);
            var entries = new List<FlowLogEntry>();
            var running = new Dictionary<string, DateTimeOffset>(_running, StringComparer.Ordinal);
            journal.Visit(_read, record => entries.AddRange(EntriesOf(record, lines[record.Number], running)));
            (_read, _running) = (journal.Last, running);
            return entries;
        });
        faults.ForEach(report);
        return read;
    }

    // By record number. Lines in a log segment are also in their records until these are merged.
    private ILookup<int, LogLine> LinesIn(JournalChain journal, Action<FlowException> report)
    {
        var lines = new List<LogLine>();
        foreach (var record in SegmentsOf(journal, report).SelectMany(segment => segment.Records).Concat(journal.TailAfter(Math.Max(_read, journal.Base.Logged))))
        {
            if (record.Number > _read)
                Try(() => lines.AddRange(LogLine.Read(record.Number, record.Log)), _incarnation.Record(record.Number), report);
        }

        return lines.ToLookup(line => line.Record);
    }

    private IEnumerable<Segment> SegmentsOf(JournalChain journal, Action<FlowException> report)
    {
        if (journal.Base.Log is not { } mark || mark.Record <= _read || Segment(mark.Name) is not { } newest)
            yield break;
        foreach (var older in newest.Older.Where(older => older.Last > _read))
        {
            if (Segment(older.Name) is { } segment)
                yield return segment;
        }

        yield return newest;

        Segment? Segment(string name)
        {
            Segment? read = null;
            try
            {
                Try(() => read = journal.Log(name), _incarnation.Log(name), report);
            }
            catch (ObjectGoneException gone) when (!_missing.Add((journal.Last, gone.Path)) && RunHead.IsOf(_files, _incarnation)) // or being removed
            {
                report(FlowErrors.RunDamaged(_files.Store.Name, _folder, gone.Path));
            }

            return read;
        }
    }

    private void Try(Action read, string path, Action<FlowException> report)
    {
        try
        {
            read();
        }
        catch (FlowException e) when (e.Id == FlowErrorId.RunDamaged)
        {
            report(e);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateInvalid)
        {
            report(FlowErrors.RunDamaged(_files.Store.Name, _folder, path, e));
        }
    }

    // Entries with equal times are ordered causally: start, output, end.
    private IEnumerable<FlowLogEntry> EntriesOf(JournalRecord record, IEnumerable<LogLine> lines, Dictionary<string, DateTimeOffset> running)
    {
        var history = new HistoryReader(_folder, _started);
        history.Read(record.Step, record.History);
        var changes = history.Timeline.All.Select(change => (Order: change.ToType == StateType.Running ? 0 : 2, Entry: EntryOf(change, record.Step, running)));
        return changes.Concat(lines.Select(line => (Order: 1, Entry: EntryOf(line, record.Step))))
            .OrderBy(each => each.Entry.Time).ThenBy(each => each.Order).Select(each => each.Entry);
    }

    private FlowLogEntry EntryOf(FlowTransition change, int step, Dictionary<string, DateTimeOffset> running)
    {
        TimeSpan? took = null;
        if (change.ToType == StateType.Running)
            running[change.Task] = change.Time;
        else if (running.TryGetValue(change.Task, out var began) && running.Remove(change.Task))
            took = change.Time - began;
        return new(_folder.Flow, _folder.RunId, step)
        {
            Time = change.Time,
            Task = change.Task,
            Attempt = change.Task.Length == 0 ? 0 : change.Attempt,
            Text = change.Task.Length == 0 ? $"{change.Message}" : TransitionText.OfRecord(change.ToType, change.Message, change.Attempt, took),
        };
    }

    private FlowLogEntry EntryOf(LogLine line, int step) => new(_folder.Flow, _folder.RunId, step)
    {
        Time = _started + line.Time,
        Task = line.Task,
        Attempt = line.Attempt,
        Source = line.Stream,
        Text = line.Stream == FlowLogSource.Dropped ? DroppedText(line.Dropped) : line.Text,
    };

    private static string DroppedText(int count) =>
        $"{count.ToString("N0", CultureInfo.InvariantCulture)} {(count == 1 ? "line was" : "lines were")} dropped here, because the limit was exceeded.";
}
