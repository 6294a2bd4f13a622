using System.Text.Json;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Reads and writes the steps that a task's body crashed: <c>"crashes": [{"step", "machine"}, …]</c>.</summary>
internal static class CrashText
{
    /// <summary>Writes the property.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<TaskCrash> crashes)
    {
        json.WriteStartArray(DocumentKeys.Crashes);
        foreach (var crash in crashes)
        {
            json.WriteStartObject();
            json.WriteNumber(DocumentKeys.Step, crash.Step);
            json.WriteString(DocumentKeys.Machine, crash.Machine);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Reads the property's value.</summary>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public static IReadOnlyList<TaskCrash> Read(ref Utf8JsonReader json) => JsonTokens.List(ref json, "an array of crashes", ReadOne);

    private static TaskCrash ReadOne(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "a crash");
        var (step, machine) = (0, string.Empty);
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Step)
                step = JsonTokens.Integer(ref json, min: 0);
            else if (key == DocumentKeys.Machine)
                machine = JsonTokens.Name(ref json);
            else
                json.Skip();
        }

        return new(step, machine);
    }
}
