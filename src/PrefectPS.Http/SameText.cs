using System.Text;

namespace PrefectPS.Http;

/// <summary>Compares secrets so that the time it takes tells nothing of them.</summary>
internal static class SameText
{
    public static bool Is(string given, string wanted)
    {
        var (one, other) = (Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(wanted));
        var difference = one.Length ^ other.Length;
        for (var i = 0; i < other.Length; i++)
            difference |= other[i] ^ (i < one.Length ? one[i] : 0);
        return difference == 0;
    }
}
