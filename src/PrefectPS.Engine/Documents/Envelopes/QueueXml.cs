using System.Text;
using System.Xml;

namespace PrefectPS.Documents;

/// <summary>Unwraps the XML of the Azure queue REST API: <c>&lt;QueueMessagesList&gt;</c>, or a single message.</summary>
internal static class QueueXml
{
    private const string TextElement = "MessageText";

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = Limits.MaxDocumentBytes,
    };

    /// <summary>The message's text; null for other XML.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: the XML is malformed, or has several messages.</exception>
    public static byte[]? Unwrap(ReadOnlySpan<byte> content, out string layer)
    {
        layer = "an Azure queue message";
        string? text = null;
        try
        {
            using var xml = XmlReader.Create(new MemoryStream(content.ToArray()), Settings);
            while (xml.ReadToFollowing(TextElement))
            {
                if (text is not null)
                    throw FlowErrors.StateUnreadable("the answer of the queue has several messages; give one at a time");
                text = xml.ReadElementContentAsString();
            }
        }
        catch (XmlException e)
        {
            throw FlowErrors.StateUnreadable($"it begins as XML, and is malformed: {e.Message}", e);
        }

        return text is null ? null : Encoding.UTF8.GetBytes(text);
    }
}
