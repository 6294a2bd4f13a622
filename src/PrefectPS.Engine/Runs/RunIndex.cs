using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>The summaries of the runs in a store, by which runs are found. Those of unfinished runs are apart from the others.</summary>
internal sealed class RunIndex(RunFiles files)
{
    /// <summary>Writes a run's summary, in its place.</summary>
    public void Put(RunFolder folder, FlowRun run)
    {
        if (!run.IsFinished)
        {
            files.Write(folder.Open, Write(run));
            return;
        }

        files.Write(folder.Done, Write(run));
        files.Delete(folder.Open);
    }

    /// <summary>Moves a run's summary to the finished ones, so that nobody goes on with the run.</summary>
    public void Retire(RunFolder folder)
    {
        if (files.Read(folder.Open) is not { } open)
            return;
        files.Write(folder.Done, open.Content);
        files.Delete(folder.Open);
    }

    /// <summary>Deletes a run's summary.</summary>
    public void Remove(RunFolder folder)
    {
        files.Delete(folder.Open);
        files.Delete(folder.Done);
    }

    /// <summary>The unfinished runs of a flow, the newest first, by their summaries. One that has ended may be among them.</summary>
    public IReadOnlyList<FlowRun> OpenRuns(string flow) => Sort(files.List(RunFolder.OpenOf(flow)).Select(entry => TryRead(entry.Path)));

    /// <summary>All runs, the newest first; those of one flow where it is named.</summary>
    public IReadOnlyList<FlowRun> AllRuns(string? flow) => Sort(
        files.List(RunFolder.IndexOf(flow)).Where(entry => RunFolder.IsSummary(entry.Path)).Select(entry => TryRead(entry.Path)));

    // While a run's summary moves from one place to the other, it is in both.
    private static IReadOnlyList<FlowRun> Sort(IEnumerable<FlowRun?> runs) =>
    [
        .. runs.OfType<FlowRun>()
            .GroupBy(run => (run.Flow, run.RunId))
            .Select(same => same.OrderByDescending(run => run.Updated).ThenByDescending(run => run.IsFinished).First())
            .OrderByDescending(run => run.Started)
            .ThenByDescending(run => run.RunId, StringComparer.Ordinal),
    ];

    private static byte[] Write(FlowRun run) => JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        json.WriteString(DocumentKeys.Flow, run.Flow);
        json.WriteString(DocumentKeys.Run, run.RunId);
        json.WriteString(DocumentKeys.State, run.State.Name());
        json.WriteString(DocumentKeys.Message, run.Message);
        json.WriteNumber(DocumentKeys.Step, run.Step);
        json.WriteString(DocumentKeys.Started, run.Started.UtcDateTime);
        json.WriteString(RecordKeys.Updated, run.Updated.UtcDateTime);
        if (run.NextStartTime is { } next)
            json.WriteString(RecordKeys.NextStart, next.UtcDateTime);
        json.WriteNumber(RecordKeys.Total, run.TaskCount);
        json.WriteNumber(RecordKeys.Finished, run.FinishedCount);
        json.WriteNumber(RecordKeys.Failed, run.FailedCount);
        json.WriteEndObject();
    });

    private FlowRun? TryRead(string path)
    {
        if (files.Read(path) is not { } found)
            return null; // it has moved or been removed since it was listed
        return RecordReader.Read(found.Content, (ref Utf8JsonReader json) => Read(ref json));
    }

    private FlowRun Read(ref Utf8JsonReader json)
    {
        var (flow, runId, message) = (string.Empty, string.Empty, string.Empty);
        var state = StateType.Pending;
        var (step, total, finished, failed) = (0, 0, 0, 0);
        DateTimeOffset started = default, updated = default;
        DateTimeOffset? next = null;
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

        return new(files.Store, flow, runId)
        {
            State = state,
            Message = message,
            Step = step,
            Started = started,
            Updated = updated,
            NextStartTime = next,
            TaskCount = total,
            FinishedCount = finished,
            FailedCount = failed,
        };
    }
}
