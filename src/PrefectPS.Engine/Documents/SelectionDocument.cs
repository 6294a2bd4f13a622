using System.Text.Json;
using PrefectPS.Flows;

namespace PrefectPS.Documents;

/// <summary>The tasks that a run is of, in a document: <c>{ "tasks": ["report", ["s", "ok"]], "from": ["load"] }</c>; of all tasks an empty object.</summary>
internal static class SelectionDocument
{
    /// <summary>Writes it as a value.</summary>
    public static void Write(Utf8JsonWriter json, RunSelection? selection)
    {
        json.WriteStartObject();
        Write(json, DocumentKeys.Tasks, selection?.Tasks);
        Write(json, DocumentKeys.From, selection?.From);
        json.WriteEndObject();
    }

    /// <summary>Reads it; null where it is of all tasks.</summary>
    /// <exception cref="DocumentFaultException">It is no such object.</exception>
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
