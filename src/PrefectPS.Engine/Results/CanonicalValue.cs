using System.Text.Json;

namespace PrefectPS.Results;

/// <summary>Canonical JSON of values, for hashing: equal values give the same bytes.</summary>
public static class CanonicalValue
{
    /// <summary>Serializes a value as UTF-8.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: the value cannot be serialized.</exception>
    public static byte[] Of(object? value, IValueAdapter adapter) => Of(json => ValueWriter.Write(json, value, adapter, isForHash: true));

    /// <summary>Serializes what <paramref name="write"/> writes, the entries of each hashtable sorted by key.</summary>
    internal static byte[] Of(Action<Utf8JsonWriter> write)
    {
        using var document = JsonDocument.Parse(JsonStyle.ToBytes(write), new() { MaxDepth = Limits.MaxJsonDepth });
        return JsonStyle.ToBytes(json => WriteInOrder(json, document.RootElement));
    }

    // Hash seeds differ per process, and with them a hashtable's order.
    private static void WriteInOrder(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when IsHashtable(value) && value.TryGetProperty(ValueWriter.KeysKey, out var keys):
                WritePairs(json, keys, value.GetProperty(ValueWriter.ValuesKey));
                break;
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in IsHashtable(value) ? value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal)
                    : (IEnumerable<JsonProperty>)value.EnumerateObject())
                {
                    json.WritePropertyName(property.Name);
                    WriteInOrder(json, property.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    WriteInOrder(json, item);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    // Keys that are not all strings are stored as two parallel arrays.
    private static void WritePairs(Utf8JsonWriter json, JsonElement keys, JsonElement values)
    {
        json.WriteStartArray();
        var pairs = keys.EnumerateArray().Zip(values.EnumerateArray(), (key, value) => (key, value));
        foreach (var (key, value) in pairs.OrderBy(pair => pair.key.GetRawText(), StringComparer.Ordinal))
        {
            WriteInOrder(json, key);
            WriteInOrder(json, value);
        }

        json.WriteEndArray();
    }

    private static bool IsHashtable(JsonElement value) =>
        value.TryGetProperty(ValueWriter.TypeKey, out var type) && type.ValueKind == JsonValueKind.String
        && (type.ValueEquals("hashtable") || type.GetString()!.StartsWith("concurrentdictionary<", StringComparison.Ordinal));
}
