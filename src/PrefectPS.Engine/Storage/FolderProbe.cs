using System.Collections.Concurrent;
using System.Text;

namespace PrefectPS.Storage;

/// <summary>Tests whether a folder's file system supports what a store requires; once, before the first write.</summary>
/// <param name="folder">Folder for test files, which are deleted again.</param>
/// <param name="tryCreate">Renames a file if the name is free.</param>
/// <param name="move">Renames a file, replacing another.</param>
internal sealed class FolderProbe(string folder, Func<string, string, bool> tryCreate, Action<string, string> move)
{
    private static readonly ConcurrentDictionary<string, bool> Passed = new(StringComparer.Ordinal);

    /// <summary>Throws if the file system is unsuitable. Each process tests a folder once.</summary>
    /// <param name="root">Root folder of the store.</param>
    /// <param name="folder">The store's reserved folder in it.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>: the folder is unsuitable, and why.</exception>
    /// <exception cref="IOException">The test failed: the disk is full, or the folder is read-only.</exception>
    public static void Demand(string root, string folder)
    {
        if (Passed.ContainsKey(root))
            return;
        if (new FolderProbe(folder, AtomicFile.TryCreate, AtomicFile.Move).FindFault() is { } fault)
            throw FlowErrors.FolderUnfit(root, fault);
        Passed[root] = true;
    }

    /// <summary>Finds what the file system lacks; null if nothing.</summary>
    /// <exception cref="IOException">The test failed.</exception>
    public string? FindFault()
    {
        var (name, first, second) = (NewFile(null), NewFile("first"), NewFile("second"));
        try
        {
            return FaultOfCreating(name, first, second) ?? FaultOfMoving(name, second) ?? FaultOfLocks(name);
        }
        finally
        {
            foreach (var file in new[] { name, first, second })
                AtomicFile.TryDelete(file);
        }
    }

    private string? FaultOfCreating(string name, string first, string second)
    {
        const string Fault = "its file system cannot atomically create a file that does not exist yet";
        try
        {
            return tryCreate(first, name) && !tryCreate(second, name) && File.ReadAllText(name) == "first" && File.Exists(second) ? null : Fault;
        }
        catch (IOException e) when (Posix.IsHere && Posix.IsLacking(e.HResult))
        {
            return Fault;
        }
    }

    private string? FaultOfMoving(string name, string second)
    {
        const string Fault = "its file system cannot atomically replace a file";
        try
        {
            move(second, name);
        }
        catch (IOException e) when (Posix.IsHere && Posix.IsLacking(e.HResult))
        {
            return Fault;
        }

        return File.ReadAllText(name) == "second" && !File.Exists(second) ? null : Fault;
    }

    private static string? FaultOfLocks(string name)
    {
        using var first = OpenLocked(name);
        try
        {
            using var second = OpenLocked(name);
            return "its file system, or a setting of .NET (DOTNET_SYSTEM_IO_DISABLEFILELOCKING), does not lock files";
        }
        catch (IOException e) when (StoreFault.IsFileInUse(e))
        {
            return null;
        }
    }

    private static FileStream OpenLocked(string file) => new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);

    private string NewFile(string? content)
    {
        Directory.CreateDirectory(folder);
        var file = TempFiles.NewName(folder);
        if (content is not null)
            File.WriteAllBytes(file, Encoding.ASCII.GetBytes(content));
        return file;
    }
}
