using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace PrefectPS.Results;

/// <summary>Complete text representations of .NET objects, which say more than their properties.</summary>
public static class ObjectTexts
{
    /// <summary>The text that represents an object completely; null for other objects.</summary>
    public static string? TextOf(object value) => value switch
    {
        Type type => type.FullName ?? type.Name,
        Regex or Delegate => value.ToString(),
        CultureInfo culture => culture.Name,
        Encoding encoding => encoding.WebName,
        XmlNode node => node.OuterXml,
        IFormattable and ValueType => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };
}
