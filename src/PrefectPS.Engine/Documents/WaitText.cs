using System.Text.Json;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Reads and writes the progress of a task's delay and polls.</summary>
internal static class WaitText
{
    public static void Write(Utf8JsonWriter json, TaskWait wait)
    {
        json.WriteStartObject(DocumentKeys.Wait);
        if (wait.Until is { } until)
            json.WriteString(DocumentKeys.Until, until.UtcDateTime);
        if (wait.HasPolled)
            json.WriteBoolean(DocumentKeys.Polled, true);
        json.WriteEndObject();
    }

    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public static TaskWait Read(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "what a task has of its delay and its polls");
        DateTimeOffset? until = null;
        var hasPolled = false;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Until)
                until = JsonTokens.TimeOrNull(ref json);
            else if (key == DocumentKeys.Polled)
                hasPolled = JsonTokens.Flag(ref json);
            else
                json.Skip();
        }

        return new() { Until = until, HasPolled = hasPolled };
    }
}
