using System.Text.Json;

namespace PrefectPS.Notifications;

/// <summary>A notice as a JSON object for programs; docs/cmdlets/Send-FlowNotification.md lists its properties.</summary>
internal static class JsonNotice
{
    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, RunNotice notice)
    {
        json.WriteStartObject();
        json.WriteString("flow", notice.Flow);
        json.WriteString("runId", notice.RunId);
        json.WriteString("state", notice.State);
        json.WriteString("reason", notice.Reason);
        json.WriteString("message", notice.Message);
        json.WriteString("store", notice.Store);
        json.WriteNumber("step", notice.Step);
        if (notice.Started is { } started)
            json.WriteString("startTime", started.UtcDateTime);
        else
            json.WriteNull("startTime");
        if (notice.NextStartTime is { } next)
            json.WriteString("nextStartTime", next.UtcDateTime);
        else
            json.WriteNull("nextStartTime");
        json.WriteStartArray("tasks");
        foreach (var task in notice.Tasks)
        {
            json.WriteStartObject();
            json.WriteString("task", task.Path);
            json.WriteString("state", task.State);
            json.WriteString("message", task.Message);
            json.WriteString("place", task.Place);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("moreTasks", notice.MoreTasks);
        WritePairs(json, "commands", "command", notice.Commands);
        WritePairs(json, "links", "uri", notice.Links);
        json.WriteEndObject();
    }

    private static void WritePairs(Utf8JsonWriter json, string name, string value, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        json.WriteStartArray(name);
        foreach (var pair in pairs)
        {
            json.WriteStartObject();
            json.WriteString("title", pair.Key);
            json.WriteString(value, pair.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
