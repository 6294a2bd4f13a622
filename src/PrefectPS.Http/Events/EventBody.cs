using System.Collections;
using System.Text;
using System.Text.Json;

namespace PrefectPS.Http.Events;

/// <summary>Parses the body of a request that sends an event: a JSON object or a form.</summary>
internal static class EventBody
{
    private const int MaxFields = 1000;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>True if the content type is JSON.</summary>
    public static bool IsJson(string? type) => IsOf(type, "application/json");

    /// <summary>True if the content type is a form.</summary>
    public static bool IsForm(string? type) => IsOf(type, "application/x-www-form-urlencoded");

    /// <summary>Parses a JSON object.</summary>
    /// <exception cref="FormatException">The body is not a JSON object, nests too deep, or has a duplicate name.</exception>
    public static IDictionary ReadJson(byte[] body)
    {
        if (body.Length == 0)
            return NewTable();
        try
        {
            using var json = JsonDocument.Parse(body, new() { MaxDepth = Limits.MaxValueDepth });
            return json.RootElement.ValueKind == JsonValueKind.Object ? TableOf(json.RootElement) : throw new FormatException("The body must be a JSON object, {\"Answer\": \"yes\"}.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"The body is not JSON: {e.Message}", e);
        }
    }

    /// <summary>Parses a form; values of a name stay in order.</summary>
    /// <exception cref="FormatException">The form has too many fields, or is not UTF-8.</exception>
    public static ILookup<string, string> ReadForm(byte[] body)
    {
        string[] pairs;
        try
        {
            pairs = Utf8.GetString(body).Split(['&'], MaxFields + 1);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException("The body is not text.", e);
        }

        if (pairs.Length > MaxFields)
            throw new FormatException($"The form has more than {MaxFields} fields.");
        return pairs.Where(pair => pair.Length > 0).Select(pair => pair.Split(['='], 2)).ToLookup(
            pair => Unescape(pair[0]), pair => pair.Length > 1 ? Unescape(pair[1]) : string.Empty, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Creates a case-insensitive table.</summary>
    public static Hashtable NewTable() => new(StringComparer.OrdinalIgnoreCase);

    private static bool IsOf(string? type, string wanted) => string.Equals(type?.Split(';')[0].Trim(), wanted, StringComparison.OrdinalIgnoreCase);

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static Hashtable TableOf(JsonElement json)
    {
        var table = NewTable();
        foreach (var property in json.EnumerateObject())
        {
            if (table.ContainsKey(property.Name))
                throw new FormatException($"The body has the name '{property.Name}' twice.");
            table[property.Name] = ValueOf(property.Value);
        }

        return table;
    }

    private static object? ValueOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => TableOf(json),
        JsonValueKind.Array => json.EnumerateArray().Select(ValueOf).ToArray(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.TryGetInt32(out var small) ? small : json.TryGetInt64(out var large) ? large : json.TryGetDecimal(out var exact) ? exact : json.GetDouble(),
        _ => null,
    };
}
