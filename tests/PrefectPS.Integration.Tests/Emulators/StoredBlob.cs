using System.Globalization;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>An object in the server's bucket.</summary>
internal sealed record StoredBlob(BlobTarget Target, BlobContent Content, long Generation, DateTimeOffset Updated)
{
    /// <summary>The generation of what is known of an object. Nothing here changes that without the content.</summary>
    public const long Metageneration = 1;

    public string Name => Target.Name;

    /// <summary>The object as the JSON API describes it: numbers of 64 bits are strings, times are RFC 3339 in UTC.</summary>
    public object Describe() => new
    {
        kind = "storage#object",
        name = Name,
        bucket = Target.Bucket,
        generation = Text(Generation),
        metageneration = Text(Metageneration),
        contentType = Target.ContentType,
        size = Text(Content.Length),
        crc32c = Content.Crc32C,
        timeCreated = Time,
        updated = Time,
        metadata = Target.Metadata,
    };

    private string Time => Updated.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
