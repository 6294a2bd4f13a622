using System.Management.Automation;
using PrefectPS.Storage;

namespace PrefectPS.Commands;

/// <summary>The file that a cmdlet writes: the one that was named, or one in the folder that was.</summary>
internal static class OutputFile
{
    /// <summary>The full path of the file.</summary>
    /// <param name="path">A file or a folder, absolute or relative to the session's location.</param>
    /// <param name="name">What the file is called in a folder; any characters.</param>
    /// <param name="session">The session.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ExportFailed"/>: it is not in the file system.</exception>
    public static string Resolve(string path, string name, SessionState session)
    {
        var file = LocalAddress.FullPath(path, session) ?? throw ModuleErrors.FileNotInFileSystem(path);
        return Directory.Exists(file) ? System.IO.Path.Combine(file, StorePath.Escape(name)) : file;
    }

    /// <summary>Writes the file whole or not at all, instead of the one that is there.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ExportFailed"/>; what the writer throws goes through.</exception>
    public static void Write(string file, Action<FileStream> write)
    {
        var temp = TempFiles.NewName(System.IO.Path.GetDirectoryName(file)!);
        try
        {
            using (var output = File.Create(temp))
                write(output);
            AtomicFile.Move(temp, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            AtomicFile.TryDelete(temp);
            throw ModuleErrors.FileNotWritten(file, e);
        }
        catch
        {
            AtomicFile.TryDelete(temp);
            throw;
        }
    }
}
