using System.Globalization;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>What happened in the steps of a run: an object for each step, with all changes of states in order.</summary>
internal sealed class RunHistory(RunFiles files, RunFolder folder)
{
    /// <summary>Writes what a step has done, and what those did that died before they could.</summary>
    /// <param name="stored">The run as it was on record before the step; null where it was not.</param>
    /// <param name="journal">The step's own records.</param>
    public void Put(StoredRun? stored, Journal journal)
    {
        var steps = (stored?.Records ?? []).Select(record => (record.Step, record.History))
            .Concat(journal.History.Select(history => (journal.Step, history)));
        foreach (var step in steps.GroupBy(part => part.Item1, part => part.Item2))
        {
            // Changes by hand, with no step behind them, belong to the one before them.
            var before = step.Key <= stored?.SnapshotStep ? files.Read(folder.History(step.Key))?.Content : null;
            var parts = before is null ? step : step.Prepend(before);
            if (Join(parts) is { } joined)
                files.Write(folder.History(step.Key), joined);
        }
    }

    /// <summary>All changes of states in a run, the oldest first; null where there is no such run.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.StateInvalid"/>.</exception>
    public static IReadOnlyList<FlowTransition>? Find(IFlowStore store, string flow, string runId)
    {
        var files = new RunFiles(store);
        var folder = RunFolder.Of(flow, runId);
        var state = files.Read(folder.State)?.Content;
        var last = RecordsAfter(files, folder, state is null ? 0 : Snapshot.Read(state).Record);
        var started = state is null ? (last is [var first, ..] ? first.Started : null) : Snapshot.ReadStarted(state);
        return started is { } time ? [.. new RunHistory(files, folder).Read(time, last)] : null;
    }

    private static List<JournalRecord> RecordsAfter(RunFiles files, RunFolder folder, int number)
    {
        var records = new List<JournalRecord>();
        while (files.Read(folder.Record(++number)) is { } found)
            records.Add(JournalRecord.Read(found.Content, PlainValueAdapter.Instance));
        return records;
    }

    // The last records are in no step's history yet.
    private IEnumerable<FlowTransition> Read(DateTimeOffset started, List<JournalRecord> last)
    {
        foreach (var entry in files.List(folder.HistoryRoot))
        {
            var name = Path.GetFileNameWithoutExtension(entry.Path);
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var step))
                continue;
            foreach (var transition in Read(files.Read(entry.Path)?.Content, step, started))
                yield return transition;
        }

        foreach (var record in last)
        {
            foreach (var transition in Read(record.History, record.Step, started))
                yield return transition;
        }
    }

    // Arrays, one after the other, as one; null where there is nothing in them.
    private static byte[]? Join(IEnumerable<byte[]> arrays)
    {
        using var joined = new MemoryStream();
        foreach (var array in arrays.Where(array => array.Length > "[]".Length))
        {
            joined.WriteByte(joined.Length == 0 ? (byte)'[' : (byte)',');
            joined.Write(array, 1, array.Length - "[]".Length);
        }

        if (joined.Length == 0)
            return null;
        joined.WriteByte((byte)']');
        return joined.ToArray();
    }

    private List<FlowTransition> Read(byte[]? content, int step, DateTimeOffset started)
    {
        var transitions = new List<FlowTransition>();
        if (content is null)
            return transitions;
        try
        {
            var json = new Utf8JsonReader(content, JsonStyle.Reader);
            json.Read();
            JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array of changes");
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                transitions.Add(Read(ref json, step, started));
            return transitions;
        }
        catch (DocumentFaultException e)
        {
            throw DocumentErrors.Of(content, e);
        }
        catch (JsonException e)
        {
            throw DocumentErrors.Of(content, e);
        }
    }

    private FlowTransition Read(ref Utf8JsonReader json, int step, DateTimeOffset started)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartArray, "a change");
        json.Read();
        var time = started + JsonTokens.Milliseconds(ref json);
        json.Read();
        var task = JsonTokens.String(ref json);
        json.Read();
        var from = StateReader.ReadType(ref json);
        json.Read();
        var to = StateReader.ReadType(ref json);
        json.Read();
        var message = TransitionWriter.UsualMessage(to);
        if (json.TokenType != JsonTokenType.EndArray)
        {
            message = JsonTokens.StringOrNull(ref json);
            json.Read();
        }

        return new(folder.Flow, folder.RunId, step) { Time = time, Task = task, From = from, To = to, Message = message };
    }
}
