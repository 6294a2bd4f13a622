using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Writes what a report knows of a run as the JSON that its scripts read. Times are milliseconds: the run's start since 1970, all others since that.</summary>
internal sealed class ReportData(FlowState run, ReportOptions options)
{
    private const int FlushSize = 1 << 16;

    // Characters of HTML and the line ends that only scripts know are written as escapes: nothing inside can end the element it stands in.
    private static readonly JsonWriterOptions Style = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), MaxDepth = JsonStyle.MaxDepth, SkipValidation = true };

    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly IValueAdapter _values = run.Flow.Services.Values;

    /// <summary>Writes the object.</summary>
    /// <exception cref="FlowException">A result that is to be shown cannot be read.</exception>
    public void Write(Stream output)
    {
        var rows = RowCollector.Collect(run);
        using var json = new Utf8JsonWriter(output, Style);
        json.WriteStartObject();
        WriteRun(json, rows);
        WriteParameters(json);
        WriteStates(json);
        WriteSteps(json, rows);
        WriteRows(json, rows);
        WriteTexts(json);
        GraphWriter.Write(json, run.Flow.Plan, run.States, rows);
        json.WriteEndObject();
    }

    private static decimal Milliseconds(TimeSpan time) => time.Ticks / 10 / 1000m;

    private static DateTimeOffset? EndOf(IEnumerable<ReportRow> rows) => rows.Max(row => row.State.Ended);

    private decimal SinceStart(DateTimeOffset time) => Milliseconds(time - run.Started);

    private void WriteRun(Utf8JsonWriter json, List<ReportRow> rows)
    {
        json.WriteString("title", options.Title ?? run.Flow.Name);
        json.WriteString("flow", run.Flow.Name);
        json.WriteString("runId", run.RunId);
        json.WriteNumber("step", run.Step);
        json.WriteString("state", run.State.Name());
        json.WriteString("message", run.Message);
        json.WriteNumber("started", run.Started.ToUnixTimeMilliseconds());
        json.WriteNumber("made", SinceStart(run.Flow.Services.Clock.GetUtcNow()));
        if (EndOf(rows) is { } ended)
            json.WriteNumber("ended", SinceStart(ended));
        if (run.NextStartTime is { } next)
            json.WriteNumber("nextStart", SinceStart(next));
    }

    private void WriteParameters(Utf8JsonWriter json)
    {
        json.WriteStartArray("parameters");
        foreach (var name in run.Flow.Parameters)
        {
            var (text, isCut) = ResultPreview.Of(run.Parameters[name], _values, Math.Max(options.MaxResultLength, 1));
            json.WriteStartArray();
            json.WriteStringValue(name);
            json.WriteStringValue(isCut ? text + "…" : text);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteStates(Utf8JsonWriter json)
    {
        json.WriteStartArray("states");
        foreach (var type in StateTypes.All)
        {
            json.WriteStartObject();
            json.WriteString("name", type.Name());
            json.WriteString("kind", type.IsFailed() ? "failed" : type.IsFinished() ? "finished" : type.IsRunning() ? "running" : "waiting");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // A run of one step had all its tasks in it; which step of several ran a task is only told by its history.
    private void WriteSteps(Utf8JsonWriter json, List<ReportRow> rows)
    {
        json.WriteStartArray("steps");
        if (run.Step == 1 && EndOf(rows) is { } ended)
        {
            json.WriteStartObject();
            json.WriteNumber("number", 1);
            json.WriteNumber("start", SinceStart(rows.Min(row => row.State.Started)!.Value));
            json.WriteNumber("end", SinceStart(ended));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteRows(Utf8JsonWriter json, List<ReportRow> rows)
    {
        json.WriteStartArray("tasks");
        foreach (var row in rows)
        {
            json.WriteStartObject();
            WriteTask(json, row);
            WriteTime(json, row.State);
            if (row.State.Error is { } error)
                WriteError(json, error);
            if (options.MaxResultLength > 0 && row.State is { Children: null, Result: { } result })
                WriteResult(json, result);
            json.WriteEndObject();
            if (json.BytesPending > FlushSize)
                json.Flush();
        }

        json.WriteEndArray();
    }

    private void WriteTask(Utf8JsonWriter json, ReportRow row)
    {
        json.WriteString("slug", row.Slug);
        if (row.Task.Name != row.Task.Slug)
            json.WriteString("name", row.Task.Name);
        if (row.Parent is { } parent)
            json.WriteNumber("parent", parent);
        json.WriteString("state", row.State.Type.Name());
        if (row.State.Message is { } message)
            json.WriteNumber("message", IndexOf(message));
        WriteNumbers(json, "upstream", row.Upstream);
        if (row.Task.Tags.Count > 0)
        {
            json.WriteStartArray("tags");
            foreach (var tag in row.Task.Tags)
                json.WriteStringValue(tag);
            json.WriteEndArray();
        }
    }

    private void WriteTime(Utf8JsonWriter json, State state)
    {
        if (state.DueTime is { } due)
            json.WriteNumber("due", SinceStart(due));
        if (state.Started is { } started)
            json.WriteNumber("start", SinceStart(started));
        if (state is { Started: { } began, Ended: { } ended })
            json.WriteNumber("duration", Milliseconds(ended - began));
        if (state.RunCount > 1)
            json.WriteNumber("runs", state.RunCount);
        if (state.LoopCount > 1)
            json.WriteNumber("loops", state.LoopCount);
    }

    private static void WriteError(Utf8JsonWriter json, TaskError error)
    {
        json.WriteStartObject("error");
        json.WriteString("message", error.Message);
        WriteIfAny(json, "id", error.Id);
        WriteIfAny(json, "type", error.ExceptionType);
        WriteIfAny(json, "script", error.ScriptName);
        if (error.Line > 0)
            json.WriteNumber("line", error.Line);
        WriteIfAny(json, "text", error.LineText);
        WriteIfAny(json, "stack", error.Stack);
        json.WriteEndObject();
    }

    private void WriteResult(Utf8JsonWriter json, TaskResult result)
    {
        json.WriteStartObject("result");
        WriteIfAny(json, "location", result.Location);
        if (result.IsLost || result.HoldsSecret(_values))
        {
            json.WriteBoolean("secret", true);
        }
        else if (result.IsLoaded || (options.ReadsResults && result.IsReadable))
        {
            var (text, isCut) = ResultPreview.Of(result.Value, _values, options.MaxResultLength);
            json.WriteString("text", text);
            if (isCut)
                json.WriteBoolean("cut", true);
        }

        json.WriteEndObject();
    }

    private void WriteTexts(Utf8JsonWriter json)
    {
        json.WriteStartArray("texts");
        foreach (var text in _texts.OrderBy(text => text.Value))
            json.WriteStringValue(text.Key);
        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, int[] numbers)
    {
        if (numbers.Length == 0)
            return;
        json.WriteStartArray(key);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void WriteIfAny(Utf8JsonWriter json, string key, string? value)
    {
        if (value is not null)
            json.WriteString(key, value);
    }

    // Most tasks say the same: each text is written once.
    private int IndexOf(string text)
    {
        if (!_texts.TryGetValue(text, out var index))
            _texts.Add(text, index = _texts.Count);
        return index;
    }
}
