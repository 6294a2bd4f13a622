using System.Management.Automation;

namespace PrefectPS.Commands;

/// <summary>Addresses of what is here: in the file system, or in the memory of this process.</summary>
internal static class LocalAddress
{
    private const string FilePrefix = "file:";
    private static readonly string[] MemoryPrefixes = ["memory://", "memory:"];

    /// <summary>The name in an address that begins with <c>memory:</c> or, which is the same, <c>memory://</c>; null for another.</summary>
    public static string? MemoryName(string address) =>
        Array.Find(MemoryPrefixes, prefix => address.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } found ? address.Substring(found.Length) : null;

    /// <summary>The path of the folder that an address means: a path itself, or <c>file:</c>; null if that is not in the file system.</summary>
    public static string? FolderOf(string address, SessionState session) =>
        address.StartsWith(FilePrefix, StringComparison.OrdinalIgnoreCase) ? new Uri(address).LocalPath : FullPath(address, session);

    /// <summary>A path, absolute or relative to the session's location, in full; null if it is not in the file system.</summary>
    public static string? FullPath(string path, SessionState session)
    {
        var full = session.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return provider.Name == "FileSystem" ? full : null;
    }
}
