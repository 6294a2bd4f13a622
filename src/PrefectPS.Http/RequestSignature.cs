using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PrefectPS.Storage;

namespace PrefectPS.Http;

/// <summary>Signs requests: HMAC-SHA256 over <c>seconds.body</c>, in hexadecimal after <c>sha256=</c>.</summary>
internal sealed class RequestSignature(string key)
{
    public const string Prefix = "sha256=";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    /// <summary>Formats a timestamp: seconds since 1970.</summary>
    public static string Format(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>Computes the signature.</summary>
    public string Of(string timestamp, byte[] body)
    {
        using var hash = new HMACSHA256(_key);
        var head = Encoding.ASCII.GetBytes(timestamp + ".");
        hash.TransformBlock(head, 0, head.Length, null, 0);
        hash.TransformFinalBlock(body, 0, body.Length);
        return Prefix + HashText.Of(hash.Hash!);
    }

    /// <summary>Verifies a signature in constant time.</summary>
    public bool IsRight(string signature, string timestamp, byte[] body) => FixedTimeText.AreEqual(signature, Of(timestamp, body));
}
