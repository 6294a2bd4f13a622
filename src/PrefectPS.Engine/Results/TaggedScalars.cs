using System.Globalization;
using System.Numerics;

namespace PrefectPS.Results;

/// <summary>The plain values that JSON has no form for: each is written as <c>{"$type": tag, "value": text}</c>.</summary>
/// <remarks>The tags are a closed list: a document can name nothing else, so reading one never loads or creates a type of its choice.</remarks>
internal static class TaggedScalars
{
    private const string RoundTrip = "O";

    private static readonly Scalar[] Table =
    [
        Of("datetime", v => v.ToString(RoundTrip, CultureInfo.InvariantCulture), t => DateTime.Parse(t, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)),
        Of("datetimeoffset", v => v.ToString(RoundTrip, CultureInfo.InvariantCulture), t => DateTimeOffset.Parse(t, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)),
        Of("timespan", v => v.ToString("c", CultureInfo.InvariantCulture), t => TimeSpan.ParseExact(t, "c", CultureInfo.InvariantCulture)),
        Of("guid", v => v.ToString("D"), Guid.Parse),
        Of("uri", v => v.OriginalString, t => new Uri(t, UriKind.RelativeOrAbsolute)),
        Of("version", v => v.ToString(), Version.Parse),
        Of("char", v => ((int)v).ToString(CultureInfo.InvariantCulture), t => (char)ushort.Parse(t, CultureInfo.InvariantCulture)),
        Of("decimal", v => v.ToString(CultureInfo.InvariantCulture), t => decimal.Parse(t, NumberStyles.Float, CultureInfo.InvariantCulture)),
        Of("single", v => v.ToString("R", CultureInfo.InvariantCulture), t => float.Parse(t, CultureInfo.InvariantCulture)),
        Of("double", v => v.ToString("R", CultureInfo.InvariantCulture), t => double.Parse(t, CultureInfo.InvariantCulture)),
        Of("ulong", v => v.ToString(CultureInfo.InvariantCulture), t => ulong.Parse(t, CultureInfo.InvariantCulture)),
        Of("bigint", v => v.ToString(CultureInfo.InvariantCulture), t => BigInteger.Parse(t, CultureInfo.InvariantCulture)),
        Of("bytes", Convert.ToBase64String, Convert.FromBase64String),
    ];

    private static readonly Dictionary<Type, Scalar> ByType = Table.ToDictionary(s => s.Type);
    private static readonly Dictionary<string, Scalar> ByTag = Table.ToDictionary(s => s.Tag, StringComparer.Ordinal);

    /// <summary>The tag and text of a value, where it is of a type of the list.</summary>
    public static bool TryWrite(object value, out string tag, out string text)
    {
        if (ByType.TryGetValue(value.GetType(), out var scalar))
        {
            (tag, text) = (scalar.Tag, scalar.Write(value));
            return true;
        }

        (tag, text) = (string.Empty, string.Empty);
        return false;
    }

    /// <summary>Whether the list has the tag.</summary>
    public static bool IsKnown(string tag) => ByTag.ContainsKey(tag);

    /// <summary>The value of a tag and text.</summary>
    /// <exception cref="FormatException">The text is no value of the tag's type.</exception>
    public static object Read(string tag, string text)
    {
        try
        {
            return ByTag[tag].Read(text);
        }
        catch (Exception e) when (e is OverflowException or ArgumentException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static Scalar Of<T>(string tag, Func<T, string> write, Func<string, T> read)
        where T : notnull =>
        new(tag, typeof(T), v => write((T)v), t => read(t));

    private sealed record Scalar(string Tag, Type Type, Func<object, string> Write, Func<string, object> Read);
}
