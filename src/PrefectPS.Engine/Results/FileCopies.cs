using System.Diagnostics;
using System.Globalization;
using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>Local copies of stored files, in a folder of their own. They last as long as this, or the process; those of one that was killed are removed by the next.</summary>
/// <param name="root">What the folder is made in.</param>
public sealed class FileCopies(string root) : IDisposable
{
    private const string Prefix = "prefectps-files-";
    private const string OwnerName = ".owner";

    private readonly object _lock = new();

    // Open, and with that locked, as long as the process lives: by that the next one knows which folders are left over.
    private FileStream? _owner;
    private string? _folder;
    private int _count;

    /// <summary>Some that last as long as something in this process does.</summary>
    public FileCopies()
        : this(Path.GetTempPath())
    {
    }

    /// <summary>Those of this process.</summary>
    public static FileCopies OfProcess { get; } = Create();

    /// <summary>Copies content to a new file of this name.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: there is no place for it.</exception>
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

    // Each copy has one of its own, so that it can have any name.
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
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute); // for this user's eyes only
#endif
        _owner = new(Path.Combine(folder, OwnerName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        return folder;
    }

    // One without the owner's file is just being made.
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
            Debug.WriteLine(e.Message); // a file of it is still open: the next process removes it
        }
    }
}
