using System.Security.Cryptography;
using PrefectPS.Results;

namespace PrefectPS.Caching;

/// <summary>Files by their content: a copy of a stored file has another path in each process, and says the same.</summary>
internal sealed class FileHashes : IFileSink
{
    public static readonly FileHashes Instance = new();

    private FileHashes()
    {
    }

    public string Take(FileInfo file)
    {
        using var content = ResultFiles.Open(file);
        using var sha = SHA256.Create();
        return Convert.ToBase64String(sha.ComputeHash(content));
    }
}
