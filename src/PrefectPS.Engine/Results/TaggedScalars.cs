using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;
using System.Xml;

namespace PrefectPS.Results;

/// <summary>The scalars that JSON cannot represent, written as <c>{"$type": tag, "value": text}</c>.</summary>
/// <remarks>The tags are a closed list, so a document cannot make its reader load or create a type of the document's choice.</remarks>
internal static class TaggedScalars
{
    public const string Bytes = "bytes";
    public const string Utf16 = "utf16";

    private const string RoundTrip = "O";

    private static readonly Scalar[] Table =
    [
        new(
            "datetime", typeof(DateTime), v => ((DateTime)v).ToString(RoundTrip, CultureInfo.InvariantCulture),
            t => DateTime.Parse(t, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)),
        new(
            "datetimeoffset", typeof(DateTimeOffset), v => ((DateTimeOffset)v).ToString(RoundTrip, CultureInfo.InvariantCulture),
            t => DateTimeOffset.Parse(t, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)),
        new("timespan", typeof(TimeSpan), v => ((TimeSpan)v).ToString("c", CultureInfo.InvariantCulture), t => TimeSpan.ParseExact(t, "c", CultureInfo.InvariantCulture)),
        new("guid", typeof(Guid), v => ((Guid)v).ToString("D"), t => Guid.Parse(t)),
        Of("uri", v => v.OriginalString, t => new Uri(t, UriKind.RelativeOrAbsolute)),
        Of("version", v => v.ToString(), Version.Parse),
        new("char", typeof(char), v => ((int)(char)v).ToString(CultureInfo.InvariantCulture), t => (char)ushort.Parse(t, CultureInfo.InvariantCulture)),
        new("decimal", typeof(decimal), v => ((decimal)v).ToString(CultureInfo.InvariantCulture), t => decimal.Parse(t, NumberStyles.Float, CultureInfo.InvariantCulture)),
        new("single", typeof(float), v => ((float)v).ToString("R", CultureInfo.InvariantCulture), t => float.Parse(t, CultureInfo.InvariantCulture)),
        new("double", typeof(double), v => ((double)v).ToString("R", CultureInfo.InvariantCulture), t => double.Parse(t, CultureInfo.InvariantCulture)),
        new("sbyte", typeof(sbyte), v => ((sbyte)v).ToString(CultureInfo.InvariantCulture), t => sbyte.Parse(t, CultureInfo.InvariantCulture)),
        new("byte", typeof(byte), v => ((byte)v).ToString(CultureInfo.InvariantCulture), t => byte.Parse(t, CultureInfo.InvariantCulture)),
        new("short", typeof(short), v => ((short)v).ToString(CultureInfo.InvariantCulture), t => short.Parse(t, CultureInfo.InvariantCulture)),
        new("ushort", typeof(ushort), v => ((ushort)v).ToString(CultureInfo.InvariantCulture), t => ushort.Parse(t, CultureInfo.InvariantCulture)),
        new("uint", typeof(uint), v => ((uint)v).ToString(CultureInfo.InvariantCulture), t => uint.Parse(t, CultureInfo.InvariantCulture)),
        new("long", typeof(long), v => ((long)v).ToString(CultureInfo.InvariantCulture), t => long.Parse(t, CultureInfo.InvariantCulture)),
        new("ulong", typeof(ulong), v => ((ulong)v).ToString(CultureInfo.InvariantCulture), t => ulong.Parse(t, CultureInfo.InvariantCulture)),
        new("bigint", typeof(BigInteger), v => ((BigInteger)v).ToString(CultureInfo.InvariantCulture), t =>
            t.Length <= Limits.MaxDigits ? BigInteger.Parse(t, CultureInfo.InvariantCulture) : throw new FormatException($"the number has more than {Limits.MaxDigits} digits")),
        Of(Bytes, Convert.ToBase64String, Convert.FromBase64String),
        Of(Utf16, ToUtf16, FromUtf16),
        Of("ipaddress", v => v.ToString(), IPAddress.Parse),
        Of("xml", v => v.OuterXml, ReadXml),
        Of("dbnull", _ => string.Empty, _ => DBNull.Value),
        Of("file", v => v.FullName, t => new FileInfo(t)),
        Of("regex", RegexText.Of, RegexText.Read),
        Of("stringbuilder", v => v.ToString(), t => new StringBuilder(t)),
        Of("culture", v => v.Name, CultureInfo.GetCultureInfo),
        Of("directory", v => v.FullName, t => new DirectoryInfo(t)),
#if !NETSTANDARD
        new("date", typeof(DateOnly), v => ((DateOnly)v).ToString(RoundTrip, CultureInfo.InvariantCulture), t => DateOnly.ParseExact(t, RoundTrip, CultureInfo.InvariantCulture)),
        new("half", typeof(Half), v => ((Half)v).ToString("R", CultureInfo.InvariantCulture), t => Half.Parse(t, CultureInfo.InvariantCulture)),
        new("int128", typeof(Int128), v => ((Int128)v).ToString(CultureInfo.InvariantCulture), t => Int128.Parse(t, CultureInfo.InvariantCulture)),
        new("uint128", typeof(UInt128), v => ((UInt128)v).ToString(CultureInfo.InvariantCulture), t => UInt128.Parse(t, CultureInfo.InvariantCulture)),
        new("time", typeof(TimeOnly), v => ((TimeOnly)v).ToString(RoundTrip, CultureInfo.InvariantCulture), t => TimeOnly.ParseExact(t, RoundTrip, CultureInfo.InvariantCulture)),
#endif
    ];

    private static readonly Dictionary<Type, Scalar> ByType = Table.ToDictionary(s => s.Type);
    private static readonly Dictionary<string, Scalar> ByTag = Table.ToDictionary(s => s.Tag, StringComparer.Ordinal);

    /// <summary>Adds the scalar types by tag, except string, which is tagged only with a lone surrogate.</summary>
    public static void AddTypes(Dictionary<string, Type> types)
    {
        foreach (var scalar in Table)
        {
            if (scalar.Type != typeof(string))
                types.Add(scalar.Tag, scalar.Type);
        }
    }

    /// <summary>Formats a value of a listed type.</summary>
    public static bool TryWrite(object value, out string tag, out string text)
    {
        if (ByType.TryGetValue(value is IPAddress ? typeof(IPAddress) : value.GetType(), out var scalar) && value is not XmlDocument { DocumentType: not null })
        {
            (tag, text) = (scalar.Tag, scalar.Write(value));
            return true;
        }

        (tag, text) = (string.Empty, string.Empty);
        return false;
    }

    /// <summary>True if a tag is listed.</summary>
    public static bool IsKnown(string tag) => ByTag.ContainsKey(tag);

    /// <summary>Parses the text of a tag.</summary>
    /// <exception cref="FormatException">The text is malformed.</exception>
    public static object Read(string tag, string text)
    {
        try
        {
            return ByTag[tag].Read(text);
        }
        catch (Exception e) when (e is OverflowException or ArgumentException or XmlException or NotSupportedException or PathTooLongException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>Why this text could not be read back; null where it can.</summary>
    public static string? FaultOf(object value, string tag, string text)
    {
        if (!Unicode.IsWellFormed(text))
            return "it contains an unpaired surrogate";
        if (value is not (XmlDocument or BigInteger) || (value is BigInteger && text.Length <= Limits.MaxDigits))
            return null;
        try
        {
            Read(tag, text);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>Encodes any string, lone surrogates included.</summary>
    public static string ToUtf16(string text)
    {
        var bytes = new byte[2 * text.Length];
        for (var i = 0; i < text.Length; i++)
            (bytes[2 * i], bytes[(2 * i) + 1]) = ((byte)text[i], (byte)(text[i] >> 8)); // Encoding.Unicode would replace lone surrogates
        return Convert.ToBase64String(bytes);
    }

    private static string FromUtf16(string base64)
    {
        var bytes = Convert.FromBase64String(base64);
        var text = new StringBuilder(bytes.Length / 2);
        for (var i = 0; i + 1 < bytes.Length; i += 2)
            text.Append((char)(bytes[i] | (bytes[i + 1] << 8)));
        return text.ToString();
    }

    // A DTD can reference external entities: XML with one is neither written nor read.
    private static XmlDocument ReadXml(string text)
    {
        using var reader = XmlReader.Create(new StringReader(text), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        document.Load(reader);
        return document;
    }

    // Reference types only: generic code over a struct is compiled anew in each process, and every process that reads or writes a result initializes this table.
    private static Scalar Of<T>(string tag, Func<T, string> write, Func<string, T> read)
        where T : class =>
        new(tag, typeof(T), v => write((T)v), t => read(t));

    private sealed record Scalar(string Tag, Type Type, Func<object, string> Write, Func<string, object> Read);
}
