using System.Text;
using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Documents;

/// <summary>
/// The signature of a state document, its last property. It covers <see cref="Prefix"/>, the key id, a line feed, and the document without that property and without
/// white space between tokens.
/// </summary>
internal static class DocumentSignature
{
    /// <summary>The domain separator: no signature of anything else is valid for a document.</summary>
    public const string Prefix = "prefectps-state-1\n";

    private static readonly byte[] Opening = Encoding.ASCII.GetBytes($",\"{DocumentKeys.Signature}\":");

    /// <summary>Signs a document.</summary>
    /// <param name="document">An unsigned document without white space between tokens.</param>
    /// <param name="keys">The keys.</param>
    public static byte[] Sign(byte[] document, SigningKeys keys)
    {
        var signature = JsonStyle.ToBytes(json =>
        {
            json.WriteStartObject();
            json.WriteString(DocumentKeys.KeyId, keys.SignerId);
            json.WriteBase64String(DocumentKeys.Hmac, keys.Sign(Content(keys.SignerId, document)));
            json.WriteEndObject();
        });
        return [.. document.AsSpan(0, document.Length - 1), .. Opening, .. AsciiJson.Of(signature), (byte)'}'];
    }

    /// <summary>Verifies a document's signature, before anything else in it is trusted.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateTampered"/>.</exception>
    public static void Verify(ReadOnlySpan<byte> document, SigningKeys keys)
    {
        var signed = WithoutWhiteSpace(document);
        var start = signed.LastIndexOf(Opening);
        if (start < 0)
            throw FlowErrors.StateTampered("it is not signed");
        var (keyId, signature) = Read(signed.Slice(start + Opening.Length));
        signed[start] = (byte)'}';
        keys.Verify(keyId, Content(keyId, signed.Slice(0, start + 1)), signature);
    }

    private static byte[] Content(string keyId, ReadOnlySpan<byte> document) => [.. Encoding.UTF8.GetBytes($"{Prefix}{keyId}\n"), .. document];

    // Reads the signature object and the document's closing brace.
    private static (string KeyId, byte[] Signature) Read(ReadOnlySpan<byte> end)
    {
        try
        {
            var json = new Utf8JsonReader(end.Slice(0, Math.Max(0, end.Length - 1)), JsonStyle.Reader);
            json.Read();
            JsonTokens.Expect(ref json, JsonTokenType.StartObject, "a signature");
            string? keyId = null;
            byte[]? signature = null;
            var seen = default(SeenKeys);
            while (JsonTokens.NextProperty(ref json, ref seen, out var key))
            {
                if (key == DocumentKeys.KeyId)
                    keyId = JsonTokens.Name(ref json);
                else if (key == DocumentKeys.Hmac)
                    signature = ReadHmac(ref json);
                else
                    throw JsonTokens.Fault(ref json, $"the signature has a property '{key}'");
            }

            if (keyId is not null && signature is not null && json.BytesConsumed == end.Length - 1 && end[end.Length - 1] == '}')
                return (keyId, signature);
        }
        catch (Exception e) when (e is JsonException or DocumentFaultException)
        {
            throw Malformed(e);
        }

        throw Malformed(null);
    }

    // Only the canonical Base64 is accepted.
    private static byte[]? ReadHmac(ref Utf8JsonReader json)
    {
        var bytes = JsonTokens.Base64(ref json);
        return JsonTokens.Is(ref json, Convert.ToBase64String(bytes)) ? bytes : null;
    }

    private static FlowException Malformed(Exception? cause) => FlowErrors.StateTampered("its signature is malformed, or not its last property", cause);

    private static Span<byte> WithoutWhiteSpace(ReadOnlySpan<byte> document)
    {
        var content = new byte[document.Length];
        var length = 0;
        var inText = false;
        for (var i = 0; i < document.Length; i++)
        {
            var b = document[i];
            if (inText && b == '\\' && i + 1 < document.Length)
                content[length++] = document[i++];
            else if (b == '"')
                inText = !inText;
            else if (!inText && (b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
                continue;
            content[length++] = document[i];
        }

        return content.AsSpan(0, length);
    }
}
