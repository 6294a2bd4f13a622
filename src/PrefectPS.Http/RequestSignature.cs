using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PrefectPS.Storage;

namespace PrefectPS.Http;

/// <summary>The signature of a request: HMAC-SHA256 over its time and its body, <c>seconds.body</c>, in hexadecimal after <c>sha256=</c>.</summary>
internal sealed class RequestSignature(string key)
{
    public const string Prefix = "sha256=";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    /// <summary>A time as it is signed: seconds since 1970.</summary>
    public static string Format(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>The signature.</summary>
    public string Of(string timestamp, byte[] body)
    {
        using var hash = new HMACSHA256(_key);
        var head = Encoding.ASCII.GetBytes(timestamp + ".");
        hash.TransformBlock(head, 0, head.Length, null, 0);
        hash.TransformFinalBlock(body, 0, body.Length);
        return Prefix + HashText.Of(hash.Hash!);
    }

    /// <summary>Whether a signature is the right one; it takes the same time whatever is wrong with it.</summary>
    public bool IsRight(string signature, string timestamp, byte[] body) => SameText.Is(signature, Of(timestamp, body));
}
