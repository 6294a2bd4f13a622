using System.Text;

namespace PrefectPS.Documents;

/// <summary>
/// The text form of a compact document: <c>pfs1.</c> and the packed content; if signed, followed by <c>.</c> and the key id, <c>.</c> and the HMAC-SHA256 of everything
/// before that dot. Each part is <see cref="Base64Url"/>.
/// </summary>
internal static class CompactText
{
    /// <summary>The prefix of every compact document.</summary>
    public const string Prefix = "pfs1.";

    private const int SignedParts = 4;
    private static readonly byte[] PrefixBytes = Encoding.ASCII.GetBytes(Prefix);

    /// <summary>True if a document is compact.</summary>
    public static bool Is(ReadOnlySpan<byte> document) => document.StartsWith(PrefixBytes);

    public static byte[] Write(byte[] content, SigningKeys? keys)
    {
        var text = Prefix + Base64Url.Encode(Packing.Deflate(content));
        if (keys is not null)
        {
            text += $".{Base64Url.Encode(Encoding.UTF8.GetBytes(keys.SignerId))}";
            text += $".{Base64Url.Encode(keys.Sign(Encoding.ASCII.GetBytes(text)))}";
        }

        return Encoding.ASCII.GetBytes(text);
    }

    /// <summary>Verifies and unpacks the content.</summary>
    /// <param name="document">A document for which <see cref="Is"/> is true.</param>
    /// <param name="keys">The accepted keys; null where no signature is required.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/> or <see cref="FlowErrorId.StateTampered"/>.</exception>
    public static byte[] Read(ReadOnlySpan<byte> document, SigningKeys? keys)
    {
        var text = Encoding.ASCII.GetString(document.ToArray()).TrimEnd();
        var parts = text.Split('.');
        if (keys is not null)
            Verify(text, parts, keys);
        else if (parts.Length is not (2 or SignedParts))
            throw FlowErrors.StateUnreadable("it begins as a compact document, but has not the parts of one");
        var packed = Base64Url.Decode(parts[1]) ?? throw FlowErrors.StateUnreadable("it begins as a compact document, but what follows is not Base64");
        return Packing.Inflate(packed);
    }

    private static void Verify(string text, string[] parts, SigningKeys keys)
    {
        if (parts.Length != SignedParts)
            throw FlowErrors.StateTampered("it is not signed");
        if (Base64Url.Decode(parts[2]) is not { } keyId || Base64Url.Decode(parts[3]) is not { } signature || Base64Url.Encode(signature) != parts[3])
            throw FlowErrors.StateTampered("its signature is malformed");
        keys.Verify(Encoding.UTF8.GetString(keyId), Encoding.ASCII.GetBytes(text.Substring(0, text.LastIndexOf('.'))), signature);
    }
}
