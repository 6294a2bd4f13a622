using System.Text;
using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Documents;

/// <summary>Copies JSON verbatim, except for white space.</summary>
internal static class RawJson
{
    public const string EmptyObject = "{}";

    /// <summary>Copies a value, from its first token to its last.</summary>
    /// <exception cref="DocumentFaultException">A text is not valid UTF-8.</exception>
    public static string Read(ref Utf8JsonReader json)
    {
        var writer = Begin(out var buffer);
        using (writer)
            Copy(ref json, writer);
        return End(buffer);
    }

    /// <summary>Copies an object without some of its properties.</summary>
    /// <exception cref="DocumentFaultException">A text is not valid UTF-8.</exception>
    public static string ReadWithout(ref Utf8JsonReader json, Func<string, bool> isLeftOut)
    {
        var writer = Begin(out var buffer);
        using (writer)
        {
            writer.WriteStartObject();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = JsonTokens.Text(ref json);
                json.Read();
                if (isLeftOut(name))
                {
                    json.Skip();
                    continue;
                }

                writer.WritePropertyName(name);
                Copy(ref json, writer);
            }

            writer.WriteEndObject();
        }

        return End(buffer);
    }

    /// <summary>Writes an object's properties into the current object.</summary>
    public static void WriteProperties(Utf8JsonWriter json, string obj)
    {
        using var parsed = JsonDocument.Parse(obj, new() { MaxDepth = Limits.MaxJsonDepth });
        foreach (var property in parsed.RootElement.EnumerateObject())
            property.WriteTo(json);
    }

    private static Utf8JsonWriter Begin(out MemoryStream buffer)
    {
        buffer = new MemoryStream();
        return new(buffer, JsonStyle.Writer);
    }

    private static string End(MemoryStream buffer) => Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);

    private static void Copy(ref Utf8JsonReader json, Utf8JsonWriter writer)
    {
        var depth = json.CurrentDepth;
        do
        {
            if (json.CurrentDepth - depth > Limits.MaxValueDepth)
                throw JsonTokens.Fault(ref json, $"the value nests deeper than {Limits.MaxValueDepth} levels");
            CopyToken(ref json, writer);
        }
        while (json.CurrentDepth + (IsStart(json.TokenType) ? 1 : 0) > depth && json.Read());
    }

    private static bool IsStart(JsonTokenType token) => token is JsonTokenType.StartObject or JsonTokenType.StartArray;

    private static void CopyToken(ref Utf8JsonReader json, Utf8JsonWriter writer)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(JsonTokens.Text(ref json));
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(JsonTokens.Text(ref json));
                break;
            default:
                writer.WriteRawValue(json.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
