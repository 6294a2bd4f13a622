using System.Xml;

namespace PrefectPS.Tasks;

/// <summary>
/// Finds document types in CLIXML. PowerShell refuses one of the document itself, but not of an XML value inside it, whose entities would
/// be resolved and expanded without limit.
/// </summary>
internal static class ClixmlDocumentTypes
{
    private const string XmlValue = "XD";

    /// <summary>Refuses content with a document type.</summary>
    /// <exception cref="XmlException">It has a document type, or is not XML.</exception>
    public static void Refuse(string clixml)
    {
        if (!clixml.Contains(XmlValue))
            return;
        using var reader = NewReader(clixml);
        while (reader.Read())
        {
            while (reader.NodeType == XmlNodeType.Element && reader.LocalName == XmlValue)
            {
                var value = reader.ReadElementContentAsString();
                ReadToRoot(value);
                ReadToRoot(XmlConvert.DecodeName(value)!); // PowerShell uses its own escapes: _x003C_
            }
        }
    }

    private static void ReadToRoot(string xml)
    {
        using var reader = NewReader(xml);
        try
        {
            reader.MoveToContent();
        }
        catch (XmlException) when (!xml.Contains("<!DOCTYPE"))
        {
            // All other checks are PowerShell's.
        }
    }

    private static XmlReader NewReader(string text) => XmlReader.Create(new StringReader(text), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
}
