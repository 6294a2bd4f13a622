using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Caching;

/// <summary>Files by their content: a copy of a stored file has another path in each process, and says the same.</summary>
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
