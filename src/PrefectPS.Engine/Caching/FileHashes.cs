using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Caching;

/// <summary>Identifies files by content: copies of a stored file have different paths but are equal.</summary>
internal sealed class FileHashes : IFileSink
{
    public static readonly FileHashes Instance = new();

    private FileHashes()
    {
    }

    public string Add(FileInfo file)
    {
        using var content = ResultFiles.Open(file);
        return ContentHash.Of(content);
    }
}
