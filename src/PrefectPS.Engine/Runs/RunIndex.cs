using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>The summaries of the runs in a store, by which runs are found. Those of unfinished runs are apart from the others.</summary>
internal sealed class RunIndex(RunFiles files)
{
    /// <summary>What may be unfinished runs of a flow, the newest first, by their summaries; not those that are being removed.</summary>
    /// <param name="flow">The flow's name.</param>
    /// <param name="report">Takes summaries that cannot be read, and goes on with the others; null for nobody.</param>
    public IReadOnlyList<FlowRun> OpenRuns(string flow, Action<FlowException>? report = null) =>
        Sort(files.List(RunFolder.OpenOf(flow)).Where(entry => RunPlace.IsSummary(entry.Path))
            .Select(entry => TryRead(entry.Path, report ?? (_ => { }))).OfType<FlowRun>()
            .Where(run => run.Flow == flow && run.Mark != EntryMark.Removing));

    /// <summary>All runs, the newest first; those of one flow where it is named.</summary>
    /// <param name="flow">The flow's name; null for all flows.</param>
    /// <param name="report">Takes what is damaged, and goes on with the others.</param>
    /// <param name="leftovers">Takes runs that do not exist, with their last entry: such as one whose removal was interrupted; null where nobody wants them.</param>
    public IReadOnlyList<FlowRun> AllRuns(string? flow, Action<FlowException> report, Action<FlowRun>? leftovers = null)
    {
        var places = UnlistedRuns.PlacesOf(files, flow);
        var listed = files.List(RunFolder.IndexOf(flow));
        var entries = listed.Where(entry => RunPlace.IsSummary(entry.Path)).Select(entry => TryRead(entry.Path, report)).OfType<FlowRun>()
            .Where(run => flow is null || run.Flow == flow); // a store that does not tell case apart has those of other flows there, too
        foreach (var lost in UnlistedRuns.Among(files, places, listed.Select(entry => RunPlace.OfIndex(entry.Path))).Where(found => flow is null || found.Flow == flow))
            report(FlowErrors.SummaryMissing(files.Store.Name, lost));
        return Sort(entries.GroupBy(run => (run.Flow, run.RunId)).Select(same => TryFind([.. same], report, leftovers ?? (_ => { }))).OfType<FlowRun>());
    }

    /// <summary>The run of an id; null where there is none.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="report">Takes what is damaged of it.</param>
    public FlowRun? Find(RunFolder folder, Action<FlowException> report)
    {
        FlowRun[] same = [.. files.List(folder.AllDone).Select(entry => entry.Path).Append(folder.Open).Select(path => TryRead(path, report)).OfType<FlowRun>()];
        return same.Length == 0 ? null : TryFind(same, report, _ => { });
    }

    private static IReadOnlyList<FlowRun> Sort(IEnumerable<FlowRun> runs) =>
        [.. runs.OrderByDescending(run => run.Begun).ThenByDescending(run => run.RunId, StringComparer.Ordinal)];

    // The summary of the run that exists: a run that goes on after its end has two, and summaries of runs that were removed may be left.
    private FlowRun? TryFind(FlowRun[] same, Action<FlowException> report, Action<FlowRun> leftovers)
    {
        var folder = same[0].Folder;
        try
        {
            if (RunHead.Find(files, folder) is { } head)
            {
                var done = same.Where(run => run.IsFinished && run.Incarnation == head.Incarnation).Select(run => run.Record).DefaultIfEmpty().Max();
                if (same.Any(run => run.Removes(head.Incarnation, done)))
                {
                    leftovers(LastOf(same));
                    return null;
                }

                var newest = same.Where(run => run.Incarnation == head.Incarnation && run.Mark != EntryMark.Removing)
                    .OrderByDescending(run => run.Step).ThenByDescending(run => run.Record).ThenByDescending(run => run.IsFinished).FirstOrDefault();
                if (newest is null)
                    leftovers(LastOf(same));
                return newest is not null && (!newest.IsFinished || GoesOn(same, newest)) ? AsOfNow(newest, report) : newest;
            }

            if (LivingRun.Find(files, folder) is null)
                leftovers(LastOf(same)); // it is only being begun, or was removed
            return null;
        }
        catch (FlowException e) when (e.Id is FlowErrorId.RunDamaged or FlowErrorId.RecordVersion)
        {
            report(e);
            return null;
        }
    }

    private static FlowRun LastOf(FlowRun[] same) => same.OrderByDescending(run => run.UpdateTime).First();

    // A finished run that goes on has an entry among the unfinished ones, too, and so has one whose last step died before it could delete that.
    private static bool GoesOn(FlowRun[] same, FlowRun newest) => same.Any(other => other != newest && other.Incarnation == newest.Incarnation);

    // A step that is running, or whose process died, has not written a summary yet, nor has who died when he had applied a request: the records tell what is done.
    private FlowRun AsOfNow(FlowRun summary, Action<FlowException> report)
    {
        try
        {
            return OutlinedRun.ReadStored(files.Store, summary.Flow, summary.RunId, new()) is { } stored && stored.Last > summary.Record ? summary.At(stored.Run) : summary;
        }
        catch (FlowException e) when (e.Id is FlowErrorId.RunDamaged or FlowErrorId.StateInvalid)
        {
            report(e);
            return summary;
        }
    }

    /// <summary>The content of a run's summary.</summary>
    public static byte[] Write(FlowRun run) => JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        json.WriteString(DocumentKeys.Flow, run.Flow);
        json.WriteString(DocumentKeys.Run, run.RunId);
        json.WriteString(RecordKeys.Incarnation, run.Incarnation);
        if (run.Mark != EntryMark.None)
            json.WriteString(RecordKeys.Mark, run.Mark.ToString());
        if (run.Record > 0)
            json.WriteNumber(RecordKeys.Record, run.Record);
        if (run.Opening.Number > 0)
            json.WriteNumber(RecordKeys.Opening, run.Opening.Number);
        if (run.Opening.Holder is { } holder)
            json.WriteString(RecordKeys.Holder, holder);
        json.WriteString(DocumentKeys.State, run.StateType.Name());
        json.WriteString(DocumentKeys.Message, run.Message);
        RunControlText.Write(json, new() { Mark = run.Halt, Due = run.Due });
        json.WriteNumber(DocumentKeys.Step, run.Step);
        json.WriteString(DocumentKeys.Started, run.Begun.UtcDateTime);
        json.WriteString(RecordKeys.Updated, run.UpdateTime.UtcDateTime);
        if (run.NextStartTime is { } next)
            json.WriteString(RecordKeys.NextStart, next.UtcDateTime);
        if (run.IsUndoing)
            json.WriteBoolean(RecordKeys.Undoing, true);
        json.WriteNumber(RecordKeys.Total, run.TaskCount);
        json.WriteNumber(RecordKeys.Finished, run.FinishedCount);
        json.WriteNumber(RecordKeys.Failed, run.FailedCount);
        json.WriteEndObject();
    });

    /// <summary>Reads a summary.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.RunDamaged"/>: it cannot be read.</exception>
    public FlowRun Read(string path, byte[] content)
    {
        try
        {
            return RecordReader.Read(content, (ref Utf8JsonReader json) => Read(ref json));
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateInvalid)
        {
            throw FlowErrors.SummaryDamaged(files.Store.Name, path, e);
        }
    }

    private FlowRun? TryRead(string path, Action<FlowException> report)
    {
        try
        {
            return files.Read(path) is { } found ? Read(path, found.Content) : null; // it may have moved since it was listed
        }
        catch (FlowException e) when (e.Id == FlowErrorId.RunDamaged)
        {
            report(e);
            return null;
        }
    }

    private FlowRun Read(ref Utf8JsonReader json)
    {
        var (flow, runId, incarnation, message) = (string.Empty, string.Empty, string.Empty, string.Empty);
        var mark = EntryMark.None;
        var control = RunControl.None;
        var state = StateType.Pending;
        var (record, opening, step, total, finished, failed) = (0, 0, 0, 0, 0, 0);
        DateTimeOffset started = default, updated = default;
        DateTimeOffset? next = null;
        string? holder = null;
        var isUndoing = false;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case DocumentKeys.Flow:
                    flow = JsonTokens.String(ref json);
                    break;
                case DocumentKeys.Run:
                    runId = JsonTokens.String(ref json);
                    break;
                case RecordKeys.Incarnation:
                    incarnation = JsonTokens.String(ref json);
                    break;
                case RecordKeys.Record:
                    record = JsonTokens.Integer(ref json, min: 0);
                    break;
                case RecordKeys.Opening:
                    opening = JsonTokens.Integer(ref json, min: 0);
                    break;
                case RecordKeys.Holder:
                    holder = JsonTokens.String(ref json);
                    break;
                case RecordKeys.Mark:
                    mark = ReadMark(ref json);
                    break;
                case DocumentKeys.Control:
                    control = RunControlText.Read(ref json);
                    break;
                case DocumentKeys.State:
                    state = StateReader.ReadType(ref json);
                    break;
                case DocumentKeys.Message:
                    message = JsonTokens.String(ref json);
                    break;
                case DocumentKeys.Step:
                    step = JsonTokens.Integer(ref json, min: 0);
                    break;
                case DocumentKeys.Started:
                    started = JsonTokens.Time(ref json);
                    break;
                case RecordKeys.Updated:
                    updated = JsonTokens.Time(ref json);
                    break;
                case RecordKeys.NextStart:
                    next = JsonTokens.TimeOrNull(ref json);
                    break;
                case RecordKeys.Undoing:
                    isUndoing = JsonTokens.Flag(ref json);
                    break;
                case RecordKeys.Total:
                    total = JsonTokens.Integer(ref json, min: 0);
                    break;
                case RecordKeys.Finished:
                    finished = JsonTokens.Integer(ref json, min: 0);
                    break;
                case RecordKeys.Failed:
                    failed = JsonTokens.Integer(ref json, min: 0);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        if (flow.Length == 0 || runId.Length == 0)
            throw JsonTokens.Fault(ref json, "the names of a flow and of a run were expected");
        return new(files.Store, flow, runId)
        {
            Incarnation = incarnation,
            Record = record,
            Opening = new(opening, holder),
            Mark = mark,
            Halt = control.Mark,
            Due = control.Due,
            StateType = state,
            Message = message,
            Step = step,
            Begun = started,
            UpdateTime = updated,
            NextStartTime = next,
            IsUndoing = isUndoing,
            TaskCount = total,
            FinishedCount = finished,
            FailedCount = failed,
        };
    }

    private static EntryMark ReadMark(ref Utf8JsonReader json) =>
        Enum.TryParse<EntryMark>(JsonTokens.String(ref json), out var mark) ? mark : throw JsonTokens.Fault(ref json, "a mark was expected");
}
