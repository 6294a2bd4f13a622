using System.Xml;

namespace PrefectPS.Tasks;

/// <summary>
/// Finds document types in PowerShell's XML. PowerShell refuses one of the whole, but not of an XML document that is a value in it: there its entities would
/// be followed and unfolded, however large that makes it.
/// </summary>
internal static class ClixmlDocumentTypes
{
    private const string XmlValue = "XD";

    /// <summary>Refuses what has one.</summary>
    /// <exception cref="XmlException">It has, or it is no XML.</exception>
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
                ReadToRoot(XmlConvert.DecodeName(value)!); // PowerShell has escapes of its own: _x003C_
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
            // What it is besides is PowerShell's to judge.
        }
    }

    private static XmlReader NewReader(string text) => XmlReader.Create(new StringReader(text), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
}
