using System.Text.Json;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Writes what is on record of a task's course.</summary>
/// <param name="history">The course of the run.</param>
/// <param name="times">How times are written.</param>
/// <param name="texts">Takes messages in.</param>
internal sealed class HistoryWriter(ReportHistory history, ReportTimes times, ReportTexts texts)
{
    private const int MaxLines = 500; // of each task; Get-FlowLog has all

    /// <summary>Writes the changes of a task's state, each as <c>[time, state, step, message]</c>, the message left out where there is none, and its attempts.</summary>
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

    /// <summary>Writes what a task wrote, each line as <c>[time, stream, text]</c>, and how many before these are left out.</summary>
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

    // The last one is in the task's own state, but where that has been set back since.
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
