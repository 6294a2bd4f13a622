using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>The parts that both forms of a document write alike.</summary>
internal static class StateWriter
{
    /// <summary>Prefect's name for a result whose kind says nothing about where it is.</summary>
    public const string PlainResult = "Result";

    /// <summary>Prefect's name for a result whose location is the value itself, as JSON.</summary>
    public const string ValueInLocation = "PrefectResult";

    public static void WriteTask(Utf8JsonWriter json, FlowTask task)
    {
        json.WriteStartObject(DocumentKeys.Task);
        json.WriteString(DocumentKeys.Slug, task.Slug);
        if (!string.Equals(task.Name, task.Slug, StringComparison.Ordinal))
            json.WriteString(DocumentKeys.Name, task.Name);
        json.WriteEndObject();
    }

    /// <summary>When the body ran: milliseconds from the run's start, and for how many milliseconds.</summary>
    public static void WriteTime(Utf8JsonWriter json, TimeSpan sinceStart, TimeSpan duration)
    {
        json.WriteStartArray(DocumentKeys.Time);
        json.WriteNumberValue(Milliseconds(sinceStart));
        json.WriteNumberValue(Milliseconds(duration));
        json.WriteEndArray();
    }

    /// <summary>How often the task ran and its loop went round, where it is more than once: in a state's context, as Prefect has it.</summary>
    public static void WriteCounts(Utf8JsonWriter json, State state)
    {
        if (state.RunCount > 1)
            json.WriteNumber(DocumentKeys.TaskRunCount, state.RunCount);
        if (state.LoopCount > 1)
            json.WriteNumber(DocumentKeys.ContextLoopCount, state.LoopCount);
    }

    public static void WriteValue(Utf8JsonWriter json, string key, TaskResult result, IValueAdapter values)
    {
        json.WritePropertyName(key);
        ValueWriter.Write(json, result.Value, values);
    }

    public static void WriteError(Utf8JsonWriter json, TaskError error)
    {
        json.WriteStartObject(DocumentKeys.Error);
        json.WriteString(DocumentKeys.Message, error.Message);
        WriteIfAny(json, DocumentKeys.Id, error.Id);
        WriteIfAny(json, DocumentKeys.ExceptionType, error.ExceptionType);
        WriteIfAny(json, DocumentKeys.Script, error.ScriptName);
        if (error.Line > 0)
            json.WriteNumber(DocumentKeys.Line, error.Line);
        WriteIfAny(json, DocumentKeys.Text, error.LineText);
        WriteIfAny(json, DocumentKeys.Stack, error.Stack);
        json.WriteEndObject();
    }

    // To the microsecond: enough for a report, and short.
    private static decimal Milliseconds(TimeSpan time) => time.Ticks / 10 / 1000m;

    private static void WriteIfAny(Utf8JsonWriter json, string key, string? value)
    {
        if (value is not null)
            json.WriteString(key, value);
    }
}
