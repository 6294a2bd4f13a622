using System.Runtime.CompilerServices;
#if NET
using System.Security.Cryptography;
#endif

namespace PrefectPS.Documents;

/// <summary>Compares bytes in constant time for a given length.</summary>
public static class FixedTimeBytes
{
    /// <summary>True if two arrays are equal.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static bool AreEqual(byte[] one, byte[] other)
    {
#if NET
        return CryptographicOperations.FixedTimeEquals(one, other);
#else
        if (one.Length != other.Length)
            return false;
        var difference = 0;
        for (var i = 0; i < one.Length; i++)
            difference |= one[i] ^ other[i];
        return difference == 0;
#endif
    }
}
