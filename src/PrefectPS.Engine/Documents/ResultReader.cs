using System.Text;
using System.Text.Json;
using PrefectPS.Results;
using JsonSerializer = PrefectPS.Results.JsonSerializer;

namespace PrefectPS.Documents;

/// <summary>Reads a state's result: its location, its value, or that it was a secret.</summary>
internal static class ResultReader
{
    private static readonly NameTable Types = new([StateWriter.PlainResult, StateWriter.ValueInLocation, StateWriter.NoResult]);

    /// <summary>Reads a result, from its first token to its last.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="source">The store of results given by location; null for none.</param>
    /// <param name="values">Creates objects of the language.</param>
    /// <returns>The result, or null; its class in Prefect; the fields only Prefect uses, as an object, or null.</returns>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public static (TaskResult? Result, string Type, string? Fields) Read(ref Utf8JsonReader json, ResultStore? source, IValueAdapter values)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "a result");
        string? location = null;
        string? type = null;
        string? serializer = null;
        TaskResult? value = null;
        var hasMore = false;
        var start = json.TokenStartIndex;
        var begin = json;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Location)
            {
                location = JsonTokens.TextOrNull(ref json); // a PrefectResult's location is the value itself
            }
            else if (key == DocumentKeys.Type)
            {
                type = json.TokenType == JsonTokenType.String ? Types.Find(ref json) ?? JsonTokens.Name(ref json) : JsonTokens.NameOrNull(ref json);
            }
            else if (key == DocumentKeys.Serializer)
            {
                serializer = JsonTokens.NameOrNull(ref json);
            }
            else if (key == DocumentKeys.Value)
            {
                value = TaskResult.Of(JsonTokens.Value(ref json, values)) ?? TaskResult.Empty;
            }
            else if (key == DocumentKeys.Secret)
            {
                value = JsonTokens.Flag(ref json) ? TaskResult.Lost : value;
            }
            else
            {
                hasMore |= !IsOwn(key);
                json.Skip();
            }
        }

        var result = location is null ? value
            : type == StateWriter.ValueInLocation ? TaskResult.Of(Parse(location, start, values)) ?? TaskResult.Empty
            : TaskResult.At(location, serializer, source);
        return (result, type ?? StateWriter.PlainResult, hasMore ? RawJson.ReadWithout(ref begin, IsOwn) : null);
    }

    private static bool IsOwn(string key) =>
        key is DocumentKeys.Type or DocumentKeys.Location or DocumentKeys.Serializer or DocumentKeys.Value or DocumentKeys.Secret or DocumentKeys.PrefectVersion;

    private static object? Parse(string text, long start, IValueAdapter values)
    {
        try
        {
            return new JsonSerializer(values).Read(Encoding.UTF8.GetBytes(text), depth: Limits.MaxValueDepth);
        }
        catch (FormatException e)
        {
            throw new DocumentFaultException($"the location of a {StateWriter.ValueInLocation} is its value as JSON: {e.Message}", start, e);
        }
    }
}
