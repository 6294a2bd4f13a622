using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Writes the parts common to our format and Prefect's.</summary>
internal static class StateWriter
{
    /// <summary>Prefect's plain result class.</summary>
    public const string PlainResult = "Result";

    /// <summary>Prefect's class for no result.</summary>
    public const string NoResult = "NoResultType";

    /// <summary>Prefect's class of a result whose location is the value itself, as JSON.</summary>
    public const string ValueInLocation = "PrefectResult";

    /// <summary>The result class that the state had in Prefect; null where it had none, or it no longer applies.</summary>
    public static string? ResultTypeOf(State state) =>
        state.Prefect?.ResultType is { } type && (type != ValueInLocation || state.Result is not { Location: not null }) ? type : null;

    public static void WriteTask(Utf8JsonWriter json, FlowTask task)
    {
        json.WriteStartObject(DocumentKeys.Task);
        json.WriteString(DocumentKeys.Slug, task.Slug);
        if (!string.Equals(task.Name, task.Slug, StringComparison.Ordinal))
            json.WriteString(DocumentKeys.Name, task.Name);
        json.WriteEndObject();
    }

    /// <summary>Writes the times of the body: milliseconds since the run's start, and its duration.</summary>
    public static void WriteTime(Utf8JsonWriter json, TimeSpan sinceStart, TimeSpan duration)
    {
        json.WriteStartArray(DocumentKeys.Time);
        json.WriteNumberValue(JsonStyle.Milliseconds(sinceStart));
        json.WriteNumberValue(JsonStyle.Milliseconds(duration));
        json.WriteEndArray();
    }

    /// <summary>True if the context has the run count, as in Prefect; a Retrying state has its own.</summary>
    public static bool HasRunCount(State state, PrefectFields? prefect) =>
        prefect?.ContextHasRunCount == true || (state.RunCount > 1 && state.Type != StateType.Retrying);

    /// <summary>True if the context has the loop count; a Looped state has its own.</summary>
    public static bool HasLoopCount(State state) => state.LoopCount > 1 && state.Type != StateType.Looped;

    /// <summary>True if the state has any property of <see cref="WriteMarks"/>.</summary>
    public static bool HasMarks(State state) =>
        state.IsResumed || state.HasEndedItself || state.Result is { IsUnspecified: true } || state.Event is not null || state.Wait is not null || state.Crashes.Count > 0
        || state.Goal is not null || state.Undo is not null;

    /// <summary>
    /// Writes the properties that Prefect lacks: approval, how a Cancelled task ended, a missing result, the awaited event, delay and polls, crashed steps, the map's
    /// goal, and the undo.
    /// </summary>
    public static void WriteMarks(Utf8JsonWriter json, State state)
    {
        if (state.IsResumed)
            json.WriteBoolean(DocumentKeys.Resumed, true);
        if (state.HasEndedItself)
            json.WriteBoolean(DocumentKeys.EndedItself, true);
        if (state.WasStopped)
            json.WriteBoolean(DocumentKeys.Stopped, true);
        if (state.Result is { IsUnspecified: true })
            json.WriteBoolean(DocumentKeys.NoResult, true);
        if (state.Event is { } awaited)
            EventText.WriteAwaited(json, awaited);
        if (state.Wait is { } wait)
            WaitText.Write(json, wait);
        if (state.Crashes.Count > 0)
            CrashText.Write(json, state.Crashes);
        if (state.Goal is { } goal)
            GoalText.Write(json, goal);
        if (state.Undo is { } undo)
            UndoText.Write(json, undo);
    }

    /// <summary>Writes a property whose value is JSON text; null for null.</summary>
    public static void WriteRaw(Utf8JsonWriter json, string key, string? value)
    {
        json.WritePropertyName(key);
        if (value is null)
            json.WriteNullValue();
        else
            json.WriteRawValue(value, skipInputValidation: true);
    }

    /// <summary>Writes a result's location, and its format where the extension does not select it.</summary>
    public static void WriteLocation(Utf8JsonWriter json, TaskResult result)
    {
        json.WriteString(DocumentKeys.Location, result.Location);
        WriteIfAny(json, DocumentKeys.Serializer, result.Serializer);
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

    private static void WriteIfAny(Utf8JsonWriter json, string key, string? value)
    {
        if (value is not null)
            json.WriteString(key, value);
    }
}
