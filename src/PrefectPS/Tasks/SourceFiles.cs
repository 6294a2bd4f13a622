using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>The files of <c>-SourceFile</c>. Wildcards are expanded each time.</summary>
/// <param name="task">The task, for the error.</param>
/// <param name="names">The files as specified.</param>
/// <param name="paths">The same files with their full paths.</param>
internal sealed class SourceFiles(string task, IReadOnlyList<string> names, IReadOnlyList<string> paths) : ISourceFiles
{
    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    public IReadOnlyList<string> Names => names;

    public string? FindNewer(DateTimeOffset time)
    {
        try
        {
            return paths.SelectMany(Find).Where(file => file.LastWriteTimeUtc > time.UtcDateTime).OrderByDescending(file => file.LastWriteTimeUtc).FirstOrDefault()?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FlowErrors.TaskInvalid(task, $"its source files cannot be looked at: {e.Message.TrimEnd('.')}");
        }
    }

    private IEnumerable<FileInfo> Find(string path) =>
        File.Exists(path) ? [new(path)]
        : WildcardPattern.ContainsWildcardCharacters(path) ? Match(path)
        : throw FlowErrors.TaskInvalid(task, $"its source file {path} is {(Directory.Exists(path) ? "a folder; name its files, as with *" : "not there")}");

    private static IEnumerable<FileInfo> Match(string path)
    {
        var root = Path.GetPathRoot(path)!;
        IEnumerable<DirectoryInfo> folders = [new(root)];
        var parts = path.Substring(root.Length).Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        foreach (var part in parts.Take(parts.Length - 1))
            folders = WildcardPattern.ContainsWildcardCharacters(part) ? Matching(folders, part, folder => folder.EnumerateDirectories()) : Within(folders, part);
        return Matching(folders, parts[parts.Length - 1], folder => folder.EnumerateFiles());
    }

    private static IEnumerable<DirectoryInfo> Within(IEnumerable<DirectoryInfo> folders, string part) =>
        folders.Select(folder => new DirectoryInfo(Path.Combine(folder.FullName, part)));

    private static IEnumerable<T> Matching<T>(IEnumerable<DirectoryInfo> folders, string part, Func<DirectoryInfo, IEnumerable<T>> entriesOf)
        where T : FileSystemInfo
    {
        var pattern = new WildcardPattern(part, WildcardOptions.IgnoreCase);
        return folders.Where(folder => folder.Exists).SelectMany(entriesOf).Where(entry => pattern.IsMatch(entry.Name));
    }
}
