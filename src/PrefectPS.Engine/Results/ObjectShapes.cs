using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace PrefectPS.Results;

/// <summary>The texts of .NET's own objects that say more than their properties.</summary>
public static class ObjectShapes
{
    /// <summary>The text that says all there is to an object; null for other objects.</summary>
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
