using System.Diagnostics;

namespace PrefectPS.Results;

/// <summary>Local copies of stored files. They last as long as the process; those of one that was killed are removed by the next.</summary>
internal static class TemporaryFiles
{
    private const string Prefix = "prefectps-files-";
    private const string OwnerName = ".owner";

    private static readonly Lazy<string> Folder = new(Create);
    private static FileStream? _owner;
    private static int _count;

    /// <summary>Copies content to a new file of this name.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: there is no place for it.</exception>
    public static FileInfo Save(Stream content, string name)
    {
        try
        {
            var number = Interlocked.Increment(ref _count).ToString(System.Globalization.CultureInfo.InvariantCulture);
            var file = Path.Combine(Directory.CreateDirectory(Path.Combine(Folder.Value, number)).FullName, name);
            using (var copy = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                content.CopyTo(copy);
            return new(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FlowErrors.ResultFileNotCopied(name, e);
        }
    }

    // The owner's file is open, and locked, as long as the process lives: by that the next one knows which folders are left over.
    private static string Create()
    {
        Sweep();
#if NETSTANDARD
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), Prefix + Guid.NewGuid().ToString("n"))).FullName;
#else
        var folder = Directory.CreateTempSubdirectory(Prefix).FullName; // for this user's eyes only
#endif
        _owner = new(Path.Combine(folder, OwnerName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(folder);
        return folder;
    }

    private static void Sweep()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            try
            {
                using (new FileStream(Path.Combine(folder, OwnerName), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    // Nobody owns it any more.
                }

                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Debug.WriteLine(e.Message); // it is someone else's, or just being made
            }
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            _owner?.Dispose();
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Debug.WriteLine(e.Message); // a file of it is still open: the next process removes it
        }
    }
}
