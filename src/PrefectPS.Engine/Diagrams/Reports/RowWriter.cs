using System.Text.Json;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Writes a report's rows.</summary>
/// <param name="options">The options.</param>
/// <param name="values">Inspects results.</param>
/// <param name="history">Writes recorded history.</param>
/// <param name="times">Formats times.</param>
/// <param name="texts">Interns messages.</param>
internal sealed class RowWriter(ReportOptions options, IValueAdapter values, HistoryWriter history, ReportTimes times, ReportTexts texts)
{
    private const int FlushSize = 1 << 16;

    /// <summary>Writes the rows, flushing as it goes.</summary>
    /// <exception cref="FlowException">A shown result cannot be read.</exception>
    public void Write(Utf8JsonWriter json, List<ReportRow> rows)
    {
        json.WriteStartArray("tasks");
        foreach (var row in rows)
        {
            json.WriteStartObject();
            WriteTask(json, row);
            WriteTime(json, row.State);
            history.Write(json, row);
            history.WriteLog(json, row);
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
        if (row.State.ShownMessage is { } message)
            json.WriteNumber("message", texts.IndexOf(message));
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
            json.WriteNumber("due", times.At(due));
        if (state.Started is { } started)
            json.WriteNumber("start", times.At(started));
        if (state is { Started: { } began, Ended: { } ended })
            json.WriteNumber("duration", JsonStyle.Milliseconds(ended - began));
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
        if (result.IsLost || result.HoldsSecret(values))
        {
            json.WriteBoolean("secret", true);
        }
        else if (result.IsLoaded || (options.ReadsResults && result.IsReadable))
        {
            var (text, isCut) = ResultPreview.Of(result.Value, values, options.MaxResultLength);
            json.WriteString("text", text);
            if (isCut)
                json.WriteBoolean("cut", true);
        }

        json.WriteEndObject();
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
}
