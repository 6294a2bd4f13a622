using System.Security.Cryptography;

namespace PrefectPS.Storage;

/// <summary>An incremental content hash.</summary>
internal sealed class ContentHash : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Computes the hash of a byte array.</summary>
    public static string Of(byte[] content)
    {
        using var hash = new ContentHash();
        hash.Add(content, content.Length);
        return hash.End();
    }

    /// <summary>Computes the hash of a stream, from its position to the end.</summary>
    public static string Of(Stream content)
    {
        using var hash = new ContentHash();
        var buffer = new byte[BufferSize];
        int count;
        while ((count = content.Read(buffer, 0, buffer.Length)) > 0)
            hash.Add(buffer, count);
        return hash.End();
    }

    /// <summary>Adds the first bytes of a buffer.</summary>
    public void Add(byte[] buffer, int count) => _hash.AppendData(buffer, 0, count);

    /// <summary>Returns the hash of everything added.</summary>
    public string End() => Convert.ToBase64String(_hash.GetHashAndReset());

    /// <summary>Releases the algorithm.</summary>
    public void Dispose() => _hash.Dispose();
}
