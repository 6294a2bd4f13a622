using System.Text.Json;

namespace PrefectPS.Documents;

/// <summary>Creates the error of a malformed document: the fault and its position.</summary>
internal static class DocumentErrors
{
    /// <summary>Creates the error of a document with unexpected content.</summary>
    /// <param name="document">The document.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="inside">The envelope of the document; null for none.</param>
    public static FlowException Of(ReadOnlySpan<byte> document, DocumentFaultException fault, string? inside = null) =>
        At(document, fault.Offset, fault.Message, inside, fault.InnerException);

    /// <summary>Creates the error of a document that is not JSON.</summary>
    /// <inheritdoc cref="Of(ReadOnlySpan{byte}, DocumentFaultException, string?)"/>
    public static FlowException Of(ReadOnlySpan<byte> document, JsonException fault, string? inside = null) =>
        At(document, OffsetOf(document, fault.LineNumber ?? 0, fault.BytePositionInLine ?? 0), $"it is not JSON{PathHint(document)}: {Shorten(fault.Message)}", inside, fault);

    private static FlowException At(ReadOnlySpan<byte> document, long offset, string fault, string? inside, Exception? cause)
    {
        var place = DocumentPlace.Of(document, offset);
        return FlowErrors.StateInvalid(fault, place.Path, place.Line, place.Column, inside, cause);
    }

    private static long OffsetOf(ReadOnlySpan<byte> document, long line, long column)
    {
        var start = 0;
        for (; line > 0; line--)
            start += document.Slice(start).IndexOf((byte)'\n') + 1;
        return start + column;
    }

    private static string PathHint(ReadOnlySpan<byte> document) =>
        document.EndsWith(".json"u8) ? " but the name of a file, which Import-FlowState reads" : string.Empty;

    // The reader's message ends in its position; ours has the path as well.
    private static string Shorten(string message)
    {
        var place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (place < 0 ? message : message.Substring(0, place)).TrimEnd('.');
    }
}
