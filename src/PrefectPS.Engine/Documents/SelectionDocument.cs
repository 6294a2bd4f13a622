using System.Text.Json;
using PrefectPS.Flows;

namespace PrefectPS.Documents;

/// <summary>Reads and writes a run's selection of tasks: <c>{ "tasks": ["report", ["s", "ok"]], "from": ["load"] }</c>; an empty object for all tasks.</summary>
internal static class SelectionDocument
{
    /// <summary>Writes the value.</summary>
    public static void Write(Utf8JsonWriter json, RunSelection? selection)
    {
        json.WriteStartObject();
        Write(json, DocumentKeys.Tasks, selection?.Tasks);
        Write(json, DocumentKeys.From, selection?.From);
        json.WriteEndObject();
    }

    /// <summary>Reads the value; null for all tasks.</summary>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public static RunSelection? Read(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        List<TaskPath>? tasks = null;
        List<TaskPath>? from = null;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Tasks)
                tasks = JsonTokens.List(ref json, "an array of tasks", ReadPath);
            else if (key == DocumentKeys.From)
                from = JsonTokens.List(ref json, "an array of tasks", ReadPath);
            else
                json.Skip();
        }

        return tasks is null && from is null ? null : new(tasks, from);
    }

    private static void Write(Utf8JsonWriter json, string key, IReadOnlyList<TaskPath>? paths)
    {
        if (paths is null)
            return;
        json.WriteStartArray(key);
        foreach (var path in paths)
        {
            if (path.Inside is null)
            {
                json.WriteStringValue(path.First);
                continue;
            }

            json.WriteStartArray();
            foreach (var slug in path.Slugs)
                json.WriteStringValue(slug);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static TaskPath ReadPath(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.StartArray ? ReadInside(ref json) : new([JsonTokens.Name(ref json)]);

    private static TaskPath ReadInside(ref Utf8JsonReader json)
    {
        var start = json.TokenStartIndex;
        var slugs = JsonTokens.List(ref json, "an array of slugs", JsonTokens.Name);
        return slugs.Count > 0 ? new(slugs) : throw new DocumentFaultException("the path of a task was expected", start);
    }
}
