using System.Diagnostics;
using System.Globalization;
using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>
/// Local copies of stored files in a private temporary folder, deleted on disposal or at process exit; folders of killed processes are cleaned up by the next one.
/// </summary>
/// <param name="root">The parent of the folder.</param>
public sealed class FileCopies(string root) : IDisposable
{
    private const string Prefix = "prefectps-files-";
    private const string OwnerName = ".owner";

    private readonly object _lock = new();

    // Held open, and so locked, for the process's lifetime: an unlocked file marks an orphaned folder.
    private FileStream? _owner;
    private string? _folder;
    private int _count;

    /// <summary>Copies owned by one consumer in this process.</summary>
    public FileCopies()
        : this(Path.GetTempPath())
    {
    }

    /// <summary>The copies shared by the process.</summary>
    public static FileCopies OfProcess { get; } = Create();

    /// <summary>Copies content to a new file with this name.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: the copy failed, for example on a full disk.</exception>
    internal FileInfo Add(Stream content, string name)
    {
        string? file = null;
        try
        {
            file = Path.Combine(NewFolder(), name);
            using (var copy = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                content.CopyTo(copy);
            return new(file);
        }
        catch (Exception e)
        {
            if (file is not null)
                AtomicFile.TryDelete(file);
            if (e is IOException or UnauthorizedAccessException)
                throw FlowErrors.ResultFileNotCopied(name, e);
            throw;
        }
    }

    /// <summary>Removes all copies.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _owner?.Dispose();
            if (_folder is not null)
                TryDelete(_folder);
            _folder = null;
        }
    }

    private static FileCopies Create()
    {
        var copies = new FileCopies();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => copies.Dispose();
        return copies;
    }

    // One folder per copy, so that any file name is possible.
    private string NewFolder()
    {
        lock (_lock)
        {
            _folder ??= Begin();
            return Directory.CreateDirectory(Path.Combine(_folder, (++_count).ToString(CultureInfo.InvariantCulture))).FullName;
        }
    }

    private string Begin()
    {
        foreach (var other in Directory.GetDirectories(root, Prefix + "*"))
        {
            if (IsLeftOver(other))
                TryDelete(other);
        }

        var folder = Path.Combine(root, Prefix + Guid.NewGuid().ToString("n"));
#if NETSTANDARD
        Directory.CreateDirectory(folder);
#else
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute); // readable by this user only
#endif
        _owner = new(Path.Combine(folder, OwnerName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        return folder;
    }

    // A folder without the owner file is still being created.
    private static bool IsLeftOver(string folder)
    {
        try
        {
            using (new FileStream(Path.Combine(folder, OwnerName), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Debug.WriteLine(e.Message); // a file in it is still open; the next process retries
        }
    }
}
