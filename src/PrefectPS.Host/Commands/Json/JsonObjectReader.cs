using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text.Json;

namespace PrefectPS.Host.Commands.Json;

/// <summary>Reads JSON into custom objects or hashtables. Comments and trailing commas are let pass.</summary>
internal sealed class JsonObjectReader(bool asHashtable, int maxDepth)
{
    private readonly JsonDocumentOptions _options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = maxDepth,
    };

    /// <exception cref="JsonConversionException">It is not JSON, too deep, or has properties that an object cannot have.</exception>
    public object? Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, _options);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new JsonConversionException(exception.Message, exception);
        }
    }

    public bool TryRead(string text, out object? value)
    {
        try
        {
            value = Read(text);
            return true;
        }
        catch (JsonConversionException)
        {
            value = null;
            return false;
        }
    }

    private object? Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => asHashtable ? ReadHashtable(element) : ReadObject(element),
        JsonValueKind.Array => element.EnumerateArray().Select(Read).ToArray(),
        JsonValueKind.String => ReadString(element),
        JsonValueKind.Number => ReadNumber(element),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private PSObject ReadObject(JsonElement element)
    {
        var result = new PSObject();
        foreach (var property in element.EnumerateObject())
        {
            var name = property.Name;
            if (name.Length == 0)
                throw new JsonConversionException("A property has an empty name; -AsHashtable can read it.");

            if (result.Properties[name] is not { } known)
                result.Properties.Add(new PSNoteProperty(name, Read(property.Value)), preValidated: true);
            else if (string.Equals(known.Name, name, StringComparison.Ordinal))
                known.Value = Read(property.Value);
            else
                throw new JsonConversionException($"'{known.Name}' and '{name}' differ only in case; -AsHashtable can read them.");
        }

        return result;
    }

    private OrderedHashtable ReadHashtable(JsonElement element)
    {
        var result = new OrderedHashtable();
        foreach (var property in element.EnumerateObject())
            result[property.Name] = Read(property.Value);
        return result;
    }

    // A string in the ISO 8601 form of a date and time is one.
    private static object? ReadString(JsonElement element)
    {
        var text = element.GetString();
        return text is { Length: >= 19 and <= 40 } && text[10] == 'T' && element.TryGetDateTime(out var date) ? date : text;
    }

    private static object ReadNumber(JsonElement element)
    {
        if (element.TryGetInt64(out var number))
            return number;
        var text = element.GetRawText();
        return BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big)
            ? big
            : element.GetDouble();
    }
}
