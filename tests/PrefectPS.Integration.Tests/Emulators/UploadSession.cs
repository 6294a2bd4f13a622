using System.Globalization;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>An upload in blocks that has begun.</summary>
internal sealed class UploadSession(string bucket, string name, IReadOnlyDictionary<string, string> metadata, long? ifGeneration)
{
    public string Bucket => bucket;

    public string Name => name;

    public IReadOnlyDictionary<string, string> Metadata => metadata;

    public long? IfGeneration => ifGeneration;

    /// <summary>What was received.</summary>
    public byte[] Content { get; private set; } = [];

    /// <summary>Takes a block; what was taken before is not taken again.</summary>
    /// <param name="range">Its <c>Content-Range</c>: <c>bytes first-last/total</c>, with <c>*</c> for what is not known.</param>
    /// <param name="block">Its bytes.</param>
    /// <returns>Whether it was the last.</returns>
    public bool Take(string range, byte[] block)
    {
        var (part, total) = (range["bytes ".Length..].Split('/')[0], range.Split('/')[1]);
        if (part != "*" && long.Parse(part.Split('-')[0], CultureInfo.InvariantCulture) == Content.Length)
            Content = [.. Content, .. block];
        return total != "*" && long.Parse(total, CultureInfo.InvariantCulture) == Content.Length;
    }

    /// <summary>What was received, as the header <c>Range</c> of an answer says it; null for nothing.</summary>
    public string? Range => Content.Length == 0 ? null : $"bytes=0-{Content.Length - 1}";
}
