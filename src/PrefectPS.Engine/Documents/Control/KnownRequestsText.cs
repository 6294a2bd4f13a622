using System.Text.Json;
using PrefectPS.Flows;

namespace PrefectPS.Documents;

/// <summary>Reads and writes the requests applied to a run, as its record keeps them: <c>[[id, task, …], …]</c>, oldest first.</summary>
internal static class KnownRequestsText
{
    /// <summary>Writes the property; nothing where no request was applied.</summary>
    public static void Write(Utf8JsonWriter json, RunControl control)
    {
        if (control.Known.Count == 0)
            return;
        json.WriteStartArray(RecordKeys.Requests);
        foreach (var request in control.Known)
        {
            json.WriteStartArray();
            json.WriteStringValue(request.Id);
            foreach (var task in request.Tasks)
                json.WriteStringValue(task);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <summary>Reads the property's value.</summary>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public static List<KnownRequest> Read(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array of requests");
        var known = new List<KnownRequest>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array with an id");
            json.Read();
            var id = JsonTokens.Name(ref json);
            var tasks = new List<string>();
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                tasks.Add(JsonTokens.String(ref json));
            known.Add(new(id, known.Count + 1, tasks));
        }

        return known;
    }
}
