using System.Security.Cryptography;
using System.Text;
using PrefectPS.Documents;

namespace PrefectPS.Http;

/// <summary>Compares secrets so that the time it takes tells nothing of them, their length included: what is compared is their hashes.</summary>
internal static class SameText
{
    public static bool Is(string given, string wanted) => SameBytes.Are(HashOf(given), HashOf(wanted));

    private static byte[] HashOf(string text)
    {
        using var sha = SHA256.Create();
        return sha.ComputeHash(Encoding.UTF8.GetBytes(text));
    }
}
