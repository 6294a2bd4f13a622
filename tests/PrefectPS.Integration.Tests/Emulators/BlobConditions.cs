using System.Collections.Specialized;
using System.Globalization;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>The preconditions of a request, on the object that has the name now.</summary>
internal sealed record BlobConditions(long? Generation, long? NotGeneration, long? Metageneration, long? NotMetageneration)
{
    /// <summary>The generation of a missing object.</summary>
    private const long None = 0;

    public static BlobConditions Of(NameValueCollection query)
    {
        return new(
            Number("ifGenerationMatch"), Number("ifGenerationNotMatch"),
            Number("ifMetagenerationMatch"), Number("ifMetagenerationNotMatch"));

        long? Number(string name) => query[name] is { } given ? long.Parse(given, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The status where they do not hold: 412, or 304 for a read of what the reader has; null where they hold.</summary>
    public int? Failure(StoredBlob? current, bool isRead = false)
    {
        var (generation, metageneration) = (current?.Generation ?? None, current is null ? None : StoredBlob.Metageneration);
        if ((Generation is { } wanted && wanted != generation) || (Metageneration is { } wantedMeta && wantedMeta != metageneration))
            return 412;
        return NotGeneration == generation || NotMetageneration == metageneration ? isRead ? 304 : 412 : null;
    }
}
