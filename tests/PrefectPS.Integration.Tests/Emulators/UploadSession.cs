using System.Globalization;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>An upload in blocks that has begun.</summary>
internal sealed class UploadSession(BlobTarget target, BlobConditions conditions)
{
    /// <summary>Every block but the last is a multiple of this, and so is what the service keeps of a block that broke.</summary>
    public const int Unit = 256 * 1024;

    public BlobTarget Target => target;

    public BlobConditions Conditions => conditions;

    /// <summary>What was received.</summary>
    public BlobContent Content { get; } = new();

    /// <summary>The object, once the last block was there: the answer to every later request.</summary>
    public StoredBlob? Written { get; set; }

    /// <summary>What was received, as the header <c>Range</c> of an answer says it; null for nothing.</summary>
    public string? Range => Content.Length == 0 ? null : $"bytes=0-{Content.Length - 1}";

    /// <summary>Takes a block; what was taken before is not taken again.</summary>
    /// <param name="range">
    /// Its <c>Content-Range</c>: <c>bytes first-last/total</c>, or <c>bytes first-last/*</c> while the total is not known.
    /// <c>bytes */total</c> sends nothing: it asks how much was received.
    /// </param>
    /// <param name="block">Its bytes, or those that came before the connection broke.</param>
    /// <param name="isBroken">Whether it did.</param>
    /// <returns>Whether it was the last.</returns>
    /// <exception cref="InvalidDataException">The service does not accept the block.</exception>
    public bool Take(string range, ReadOnlySpan<byte> block, bool isBroken)
    {
        var (part, size) = (range["bytes ".Length..].Split('/')[0], range.Split('/')[1]);
        long? total = size == "*" ? null : Number(size);
        if (part != "*")
        {
            var (first, last) = (Number(part.Split('-')[0]), Number(part.Split('-')[1]));
            if (first > Content.Length)
                throw new InvalidDataException($"The block begins at {first}, and {Content.Length} bytes are there.");
            if (!isBroken && block.Length != last - first + 1)
                throw new InvalidDataException($"The block has {block.Length} bytes, and its range is {range}.");
            if (!isBroken && last + 1 != total && block.Length % Unit != 0)
                throw new InvalidDataException($"The block has {block.Length} bytes, which is no multiple of {Unit}.");
            var kept = isBroken ? block.Length / Unit * Unit : block.Length;
            var known = (int)Math.Min(Content.Length - first, kept);
            Content.Append(block[known..kept]);
        }

        return total == Content.Length;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
