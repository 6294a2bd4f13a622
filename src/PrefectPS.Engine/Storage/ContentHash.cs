using System.Security.Cryptography;

namespace PrefectPS.Storage;

/// <summary>The hash of a content, put together from its parts.</summary>
internal sealed class ContentHash : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The hash of a content that is in memory.</summary>
    public static string Of(byte[] content)
    {
        using var hash = new ContentHash();
        hash.Add(content, content.Length);
        return hash.End();
    }

    /// <summary>The hash of what a stream has from its position to its end.</summary>
    public static string Of(Stream content)
    {
        using var hash = new ContentHash();
        var buffer = new byte[BufferSize];
        int count;
        while ((count = content.Read(buffer, 0, buffer.Length)) > 0)
            hash.Add(buffer, count);
        return hash.End();
    }

    /// <summary>Takes the first bytes of a buffer as the next of the content.</summary>
    public void Add(byte[] buffer, int count) => _hash.AppendData(buffer, 0, count);

    /// <summary>The hash of all that was added.</summary>
    public string End() => Convert.ToBase64String(_hash.GetHashAndReset());

    /// <summary>Releases the algorithm.</summary>
    public void Dispose() => _hash.Dispose();
}
