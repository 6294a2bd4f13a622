using System.Diagnostics;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>A process that replaces a version of a large object: it has the object's lock for as long as it takes to compare the version.</summary>
internal static class SlowWriter
{
    /// <summary>The first argument of such a process.</summary>
    public const string Mark = "--overwrite";

    /// <summary>Starts one.</summary>
    public static Process Start(string folder, string path)
    {
        var program = Environment.ProcessPath!;
        var isLauncher = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] arguments = [Mark, folder, path];
        return Process.Start(new ProcessStartInfo(program, isLauncher ? [typeof(SlowWriter).Assembly.Location, .. arguments] : arguments) { UseShellExecute = false })!;
    }

    /// <summary>The process's side: ends with 0 when it has replaced the object.</summary>
    public static async Task<int> RunAsync(string folder, string path)
    {
        var store = new FolderStore(folder);
        string version;
        using (var found = (await store.ReadAsync(path, CancellationToken.None))!)
            version = found.Version;
        await store.WriteAsync(path, "new"u8.ToArray(), WriteCondition.IfVersion(version), CancellationToken.None);
        return 0;
    }
}
