using System.Globalization;
using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Documents;

/// <summary>Reads single tokens of a document; unexpected ones are faults at that token.</summary>
public static class JsonTokens
{
    private const int MaxShown = 80;
    private static readonly NameTable Keys = new(DocumentKeys.All.Concat(RecordKeys.All).Distinct(StringComparer.Ordinal));

    /// <summary>Moves to the value of the next property; false at the object's end.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="seen">The properties seen so far in this object; starts as default.</param>
    /// <param name="key">The property's name.</param>
    /// <exception cref="DocumentFaultException">A known property is duplicated.</exception>
    internal static bool NextProperty(ref Utf8JsonReader json, ref SeenKeys seen, out string key)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.PropertyName)
        {
            key = string.Empty;
            return false;
        }

        if (Keys.Find(ref json, out var index) is { } known)
        {
            key = known;
        }
        else
        {
            key = Text(ref json);
            if (json.ValueIsEscaped)
                index = Keys.IndexOf(key); // an escaped key is still the same key
        }

        if (index >= 0 && !seen.Add(index))
            throw Fault(ref json, $"the object has '{key}' twice");
        json.Read();
        return true;
    }

    /// <summary>True if the reader is at an object whose first property this is; does not advance.</summary>
    internal static bool BeginsWith(Utf8JsonReader json, string key) =>
        json.TokenType == JsonTokenType.StartObject && json.Read() && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals(key);

    internal static void Expect(ref Utf8JsonReader json, JsonTokenType type, string what)
    {
        if (json.TokenType != type)
            throw Fault(ref json, $"{what} was expected, not {Describe(json.TokenType)}");
    }

    /// <summary>Reads a value, from its first token to its last.</summary>
    public delegate T Reading<T>(ref Utf8JsonReader json);

    /// <summary>Reads the elements of an array.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="what">The expectation, for the error.</param>
    /// <param name="read">Reads an element.</param>
    internal static List<T> List<T>(ref Utf8JsonReader json, string what, Reading<T> read)
    {
        Expect(ref json, JsonTokenType.StartArray, what);
        var list = new List<T>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            list.Add(read(ref json));
        return list;
    }

    /// <summary>Reads a text for people, such as a message.</summary>
    internal static string String(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.String, "a string");
        return json.ValueSpan.Length <= Limits.MaxReadTextBytes
            ? Text(ref json)
            : throw Fault(ref json, $"the text is longer than {Limits.MaxReadTextBytes} bytes");
    }

    /// <summary>Reads a name, slug or id: a string of limited length.</summary>
    internal static string Name(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.PropertyName)
            Expect(ref json, JsonTokenType.String, "a string");
        return json.ValueSpan.Length <= Limits.MaxReadNameBytes && Text(ref json) is { Length: <= Limits.MaxReadNameLength } name
            ? name
            : throw Fault(ref json, $"the name is longer than {Limits.MaxReadNameLength} characters");
    }

    internal static string? NameOrNull(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Null ? null : Name(ref json);

    internal static byte[] Base64(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.String, "a string");
        if (!json.ValueIsEscaped && json.TryGetBytesFromBase64(out var plain))
            return plain;
        try
        {
            return Convert.FromBase64String(Text(ref json));
        }
        catch (FormatException e)
        {
            throw Fault(ref json, "the text is not Base64", e);
        }
    }

    /// <summary>Reads a string of any length; null for null.</summary>
    internal static string? TextOrNull(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        Expect(ref json, JsonTokenType.String, "a string");
        return Text(ref json);
    }

    internal static string? StringOrNull(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Null ? null : String(ref json);

    internal static int Integer(ref Utf8JsonReader json, int min, int max = int.MaxValue)
    {
        Expect(ref json, JsonTokenType.Number, "an integer");
        return json.TryGetInt32(out var number) && number >= min && number <= max ? number : throw Fault(ref json, $"an integer from {min} to {max} was expected");
    }

    internal static bool Flag(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Fault(ref json, $"true or false was expected, not {Describe(json.TokenType)}"),
    };

    internal static TimeSpan Milliseconds(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.Number, "a number of milliseconds");
        return json.TryGetDouble(out var number) && Math.Abs(number) <= Limits.LongestReadTime.TotalMilliseconds
            ? TimeSpan.FromTicks((long)Math.Round(number * TimeSpan.TicksPerMillisecond))
            : throw Fault(ref json, "the number of milliseconds is out of range");
    }

    /// <summary>Reads a time; without an offset it is UTC, as in Prefect.</summary>
    internal static DateTimeOffset Time(ref Utf8JsonReader json) => Time(ref json, out _);

    /// <summary>Reads a time; without an offset it is UTC, as in Prefect.</summary>
    internal static DateTimeOffset Time(ref Utf8JsonReader json, out bool hasOffset)
    {
        var text = Name(ref json);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            throw Fault(ref json, $"'{Shorten(text)}' is not a date and time");
        hasOffset = text.LastIndexOf('Z') >= 0 || text.LastIndexOfAny(['+', '-']) > text.IndexOf(':');
        return time.ToUniversalTime();
    }

    internal static DateTimeOffset? TimeOrNull(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Null ? null : Time(ref json);

    /// <summary>Reads the value of a task or parameter.</summary>
    internal static object? Value(ref Utf8JsonReader json, IValueAdapter values)
    {
        var start = json.TokenStartIndex;
        try
        {
            return ValueReader.Read(ref json, values, json.CurrentDepth + Limits.MaxValueDepth);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new DocumentFaultException(e.Message, start, e);
        }
    }

    internal static DocumentFaultException Fault(ref Utf8JsonReader json, string fault, Exception? cause = null) =>
        new(fault, json.TokenStartIndex, cause);

    /// <summary>Reads a string or property name; malformed UTF-8 and lone surrogates are faults.</summary>
    internal static string Text(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Fault(ref json, "the text is not valid UTF-8", e);
        }
    }

    /// <summary>True if the token is this string, without escapes.</summary>
    internal static bool Is(ref Utf8JsonReader json, string text) => json.TokenType == JsonTokenType.String && !json.ValueIsEscaped && json.ValueTextEquals(text);

    /// <summary>Truncates a text of a document for an error.</summary>
    public static string Shorten(string text) => text.Length <= MaxShown ? text : $"{text.Substring(0, MaxShown)}…";

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "the end",
    };
}
