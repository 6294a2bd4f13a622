using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Writes a report's data as JSON for its scripts. Times are in milliseconds: the run's start since 1970, all others since that start.</summary>
internal sealed class ReportData(FlowState run, ReportHistory history, ReportOptions options)
{
    // HTML characters and JavaScript line ends are escaped, so that no value can end the script element.
    private static readonly JsonWriterOptions Style = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), MaxDepth = Limits.MaxJsonDepth, SkipValidation = true };

    private readonly ReportTimes _times = new(run.StartTime);
    private readonly ReportTexts _texts = new();
    private readonly IValueAdapter _values = run.Flow.Services.Values;

    /// <summary>The page's title.</summary>
    public string Title => options.Title ?? run.Flow.Name;

    /// <summary>Writes the JSON.</summary>
    /// <exception cref="FlowException">A shown result cannot be read.</exception>
    public void Write(Stream output)
    {
        var rows = RowCollector.Collect(run);
        using var json = new Utf8JsonWriter(output, Style);
        json.WriteStartObject();
        WriteRun(json, rows);
        WriteParameters(json);
        WriteStates(json);
        WriteSteps(json, rows);
        WriteRequests(json);
        new RowWriter(options, _values, new(history, _times, _texts), _times, _texts).Write(json, rows);
        _texts.Write(json);
        GraphWriter.Write(json, run.Flow.Plan, run.States, rows);
        json.WriteEndObject();
    }

    private static DateTimeOffset? EndOf(IEnumerable<ReportRow> rows) => rows.Max(row => row.State.Ended);

    private void WriteRun(Utf8JsonWriter json, List<ReportRow> rows)
    {
        json.WriteString("title", Title);
        json.WriteString("flow", run.Flow.Name);
        json.WriteString("runId", run.RunId);
        json.WriteNumber("step", run.Step);
        json.WriteString("state", run.StateType.Name());
        json.WriteString("message", run.Message);
        json.WriteNumber("started", run.StartTime.ToUnixTimeMilliseconds());
        json.WriteNumber("made", _times.At(run.Flow.Services.Clock.GetUtcNow()));
        if (EndOf(rows) is { } ended)
            json.WriteNumber("ended", _times.At(ended));
        if (run.NextStartTime is { } next)
            json.WriteNumber("nextStart", _times.At(next));
        if (options.IsOutlined)
            json.WriteBoolean("outlined", true);
    }

    private void WriteParameters(Utf8JsonWriter json)
    {
        json.WriteStartArray("parameters");
        foreach (var name in run.Flow.Parameters)
        {
            var (text, isCut) = run.Identity.IsSecret(name) ? (SecretMask.Mark, false)
                : options.MaxResultLength == 0 ? (string.Empty, true)
                : ResultPreview.Of(run.Parameters[name], _values, options.MaxResultLength);
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

    private void WriteSteps(Utf8JsonWriter json, List<ReportRow> rows)
    {
        json.WriteStartArray("steps");
        foreach (var step in history.Steps.Count > 0 ? history.Steps : OnlyStep(rows))
        {
            json.WriteStartObject();
            json.WriteNumber("number", step.Number);
            json.WriteNumber("start", _times.At(step.Started));
            json.WriteNumber("end", _times.At(step.Ended));
            if (step.IsOpen)
                json.WriteBoolean("open", true);
            if (step.Budget is { } budget)
                json.WriteNumber("budget", JsonStyle.Milliseconds(budget));
            if (step.MaxTasks is { } tasks)
                json.WriteNumber("maxTasks", tasks);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteRequests(Utf8JsonWriter json)
    {
        json.WriteStartArray("requests");
        foreach (var request in history.Requests)
        {
            json.WriteStartObject();
            json.WriteNumber("time", _times.At(request.Time));
            json.WriteString("state", request.ToType.Name());
            json.WriteString("message", request.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // A run of one step had all its tasks in it; for several steps only the history tells.
    private IReadOnlyList<ReportStep> OnlyStep(List<ReportRow> rows) =>
        run.Step == 1 && EndOf(rows) is { } ended ? [new(1, rows.Min(row => row.State.Started)!.Value, ended)] : [];
}
