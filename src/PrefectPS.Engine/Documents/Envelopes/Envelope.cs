using System.Text;
using System.Text.Json;

namespace PrefectPS.Documents;

/// <summary>
/// Unwraps a state document from its envelopes: Pub/Sub and Azure queue messages, CloudEvents, HTTP requests, webhook bodies, Base64, gzip. Anything else is taken as the
/// document itself, so that its reader reports the fault.
/// </summary>
public static class Envelope
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Unwraps the document.</summary>
    /// <param name="input">The received bytes.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: an envelope is damaged, or there are too many.</exception>
    public static OpenedDocument Open(byte[] input)
    {
        var layers = new List<string>();
        var content = input;
        while (Unwrap(content, out var layer) is { } inner)
        {
            if (layers.Count == Limits.MaxWrappings)
                throw FlowErrors.StateUnreadable($"it is wrapped in more than {Limits.MaxWrappings} things: {string.Join(", ", layers)}");
            layers.Add(layer);
            content = inner;
        }

        var text = Trim(content);
        return new(text.Length == 0 || CompactText.Is(text) ? text.ToArray() : content, layers)
        {
            IsCutOff = WithoutMark(content).Length == 0 && (layers.Count == 0 || layers[layers.Count - 1] != JsonEnvelope.Request),
        };
    }

    // The content of an envelope; null for the document itself.
    private static byte[]? Unwrap(byte[] content, out string layer)
    {
        layer = "gzip";
        if (Packing.IsGzip(content))
            return Packing.Gunzip(content);
        var text = Trim(content);
        layer = string.Empty;
        return text.Length == 0 || CompactText.Is(text) ? null : text[0] switch
        {
            (byte)'{' or (byte)'[' => JsonEnvelope.Unwrap(text, out layer),
            (byte)'"' => UnwrapString(text, out layer),
            (byte)'<' => QueueXml.Unwrap(text, out layer),
            _ => UnwrapBase64(text, out layer),
        };
    }

    private static byte[]? UnwrapString(ReadOnlySpan<byte> text, out string layer)
    {
        layer = "a JSON text";
        try
        {
            var json = new Utf8JsonReader(text, isFinalBlock: true, state: default);
            json.Read();
            var inner = json.GetString();
            return json.BytesConsumed == text.Length ? Encoding.UTF8.GetBytes(inner!) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // Plain words can look like Base64: the decoded bytes must be text or packed.
    private static byte[]? UnwrapBase64(ReadOnlySpan<byte> text, out string layer)
    {
        layer = "Base64";
        return text.Length >= sizeof(int) && IsBase64(text) && Base64Url.Decode(Encoding.ASCII.GetString(text.ToArray())) is { } inner
            && (Packing.IsGzip(inner) || IsUtf8(inner)) ? inner : null;
    }

    private static bool IsBase64(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if (b is not ((>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9')
                or (byte)'+' or (byte)'/' or (byte)'-' or (byte)'_' or (byte)'=' or (byte)'\r' or (byte)'\n'))
                return false;
        }

        return true;
    }

    private static bool IsUtf8(byte[] text)
    {
        try
        {
            _ = StrictUtf8.GetCharCount(text);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> content)
    {
        content = WithoutMark(content);
        while (content.Length > 0 && IsWhiteSpace(content[0]))
            content = content.Slice(1);
        while (content.Length > 0 && IsWhiteSpace(content[content.Length - 1]))
            content = content.Slice(0, content.Length - 1);
        return content;
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> content) =>
        content.StartsWith("\uFEFF"u8) ? content.Slice("\uFEFF"u8.Length) : content;

    private static bool IsWhiteSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
