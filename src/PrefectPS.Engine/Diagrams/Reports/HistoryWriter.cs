using System.Text.Json;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Writes a task's recorded history.</summary>
/// <param name="history">The run's history.</param>
/// <param name="times">Formats times.</param>
/// <param name="texts">Interns messages.</param>
internal sealed class HistoryWriter(ReportHistory history, ReportTimes times, ReportTexts texts)
{
    private const int MaxLines = 500; // per task; Get-FlowLog has all

    /// <summary>Writes the state changes of a task as <c>[time, state, step, message]</c>, without an empty message, and its attempts.</summary>
    public void Write(Utf8JsonWriter json, ReportRow row)
    {
        if (!history.ChangesOf(row.Slug).Any())
            return;
        json.WriteStartArray("history");
        foreach (var change in history.ChangesOf(row.Slug))
        {
            json.WriteStartArray();
            json.WriteNumberValue(times.At(change.Time));
            json.WriteStringValue(change.ToType.Name());
            json.WriteNumberValue(change.Step ?? 0);
            if (change.Message is { } message)
                json.WriteNumberValue(texts.IndexOf(message));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        WriteAttempts(json, row);
    }

    /// <summary>Writes a task's output lines as <c>[time, stream, text]</c>, and the number of omitted earlier ones.</summary>
    public void WriteLog(Utf8JsonWriter json, ReportRow row)
    {
        var lines = history.LinesOf(row.Slug);
        if (lines.Count == 0)
            return;
        json.WriteStartArray("log");
        foreach (var line in lines.Skip(lines.Count - MaxLines))
        {
            json.WriteStartArray();
            json.WriteNumberValue(times.At(line.Time));
            json.WriteStringValue(line.Stream.ToString());
            json.WriteStringValue(line.Text);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        if (lines.Count > MaxLines)
            json.WriteNumber("logCut", lines.Count - MaxLines);
    }

    // The task's state has its last attempt, unless it was reset since.
    private void WriteAttempts(Utf8JsonWriter json, ReportRow row)
    {
        var attempts = history.AttemptsOf(row.Slug);
        var hasLast = row.State.Started is not null && attempts.Count > 0;
        if (hasLast && attempts[^1].Step is { } step)
            json.WriteNumber("step", step);
        var earlier = attempts.Count - (hasLast ? 1 : 0);
        if (earlier == 0)
            return;
        json.WriteStartArray("attempts");
        foreach (var attempt in attempts.Take(earlier))
        {
            json.WriteStartObject();
            json.WriteNumber("start", times.At(attempt.Started));
            json.WriteNumber("duration", JsonStyle.Milliseconds(attempt.Ended - attempt.Started));
            json.WriteString("state", attempt.Outcome.Name());
            if (attempt.Step is { } number)
                json.WriteNumber("step", number);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
