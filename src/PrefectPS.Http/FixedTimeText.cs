using System.Security.Cryptography;
using System.Text;
using PrefectPS.Documents;

namespace PrefectPS.Http;

/// <summary>Compares secrets in constant time, by their hashes so that not even the length leaks.</summary>
internal static class FixedTimeText
{
    public static bool AreEqual(string given, string wanted) => FixedTimeBytes.AreEqual(HashOf(given), HashOf(wanted));

    private static byte[] HashOf(string text)
    {
        using var sha = SHA256.Create();
        return sha.ComputeHash(Encoding.UTF8.GetBytes(text));
    }
}
