using System.Text.Json;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Reads and writes the progress of an undo: <c>"undo": {"phase": "Due" | "Failed" | "Done", "attempt", "start_time", "error"}</c>.</summary>
internal static class UndoText
{
    /// <summary>Writes the property.</summary>
    public static void Write(Utf8JsonWriter json, TaskUndo undo)
    {
        json.WriteStartObject(DocumentKeys.Undo);
        json.WriteString(DocumentKeys.Phase, undo.Phase.ToString());
        if (undo.Attempt > 1)
            json.WriteNumber(DocumentKeys.Attempt, undo.Attempt);
        if (undo.DueTime is { } due)
            json.WriteString(DocumentKeys.StartTime, due.UtcDateTime);
        if (undo.Error is { } error)
            StateWriter.WriteError(json, error);
        json.WriteEndObject();
    }

    /// <summary>Reads the property's value.</summary>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public static TaskUndo Read(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an undo");
        UndoPhase? phase = null;
        var attempt = 1;
        DateTimeOffset? due = null;
        TaskError? error = null;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case DocumentKeys.Phase:
                    phase = PhaseOf(JsonTokens.String(ref json)) ?? throw JsonTokens.Fault(ref json, "the phase of an undo is Due, Failed or Done");
                    break;
                case DocumentKeys.Attempt:
                    attempt = JsonTokens.Integer(ref json, min: 1);
                    break;
                case DocumentKeys.StartTime:
                    due = JsonTokens.TimeOrNull(ref json);
                    break;
                case DocumentKeys.Error:
                    error = ErrorReader.Read(ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return new(phase ?? throw JsonTokens.Fault(ref json, "an undo has a phase")) { Attempt = attempt, DueTime = due, Error = error };
    }

    private static UndoPhase? PhaseOf(string name) => name switch
    {
        nameof(UndoPhase.Due) => UndoPhase.Due,
        nameof(UndoPhase.Failed) => UndoPhase.Failed,
        nameof(UndoPhase.Done) => UndoPhase.Done,
        _ => null,
    };
}
