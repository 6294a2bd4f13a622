using System.Diagnostics;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>What a file system refuses.</summary>
public sealed class FolderErrorTests : StoreErrorTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _isMounted;

    public void Dispose()
    {
        if (_isMounted)
            Run("umount", _folder["disk"]);
        _folder.Dispose();
    }

    [Fact]
    public async Task A_full_disk_is_an_error_and_leaves_no_partial_object()
    {
        var store = Mount("size=1m");
        await store.WriteAsync("a/x", new byte[1000], WriteCondition.Always, Stop);

        var error = await Assert.ThrowsAsync<FlowException>(async () => await store.WriteAsync("a/x", new ForwardStream(5_000_000), WriteCondition.Always, Stop));

        Assert.Equal(FlowErrorId.StoreFailed, error.Id);
        Assert.StartsWith($"The store '{store.Name}' failed to write 'a/x': No space left on device", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a/x"], await ListAsync(store, ""));
        Assert.Equal([_folder["disk/store/a/x"]], Directory.GetFiles(_folder["disk"], "*", SearchOption.AllDirectories));
        using var found = (await store.ReadAsync("a/x", Stop))!;
        Assert.Equal(1000, found.Length);
    }

    [Fact]
    public async Task A_disk_without_inodes_is_an_error_and_leaves_no_partial_object()
    {
        var store = Mount("size=1m,nr_inodes=20");
        var version = await store.WriteAsync("a/x", new byte[10], WriteCondition.Always, Stop);
        var fillers = Fill();

        foreach (var condition in new[] { WriteCondition.Always, WriteCondition.IfAbsent, WriteCondition.IfVersion(version) })
        {
            var path = condition.IsAbsent ? "a/y" : "a/x";
            var error = await Assert.ThrowsAsync<FlowException>(async () => await store.WriteAsync(path, new byte[1], condition, Stop));
            Assert.Equal(FlowErrorId.StoreFailed, error.Id);
            Assert.StartsWith($"The store '{store.Name}' failed to write '{path}': No space left on device", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(["a/x"], await ListAsync(store, ""));
        fillers.ForEach(File.Delete);
        await store.WriteAsync("a/x", new byte[20], WriteCondition.IfVersion(version), Stop);
        Assert.Equal([_folder["disk/store/a/x"]], Directory.GetFiles(_folder["disk"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_read_only_folder_is_an_error_for_writes_and_readable()
    {
        var store = Mount("size=1m");
        await store.WriteAsync("a/x", new byte[10], WriteCondition.Always, Stop);
        Run("mount", "-o", "remount,ro", _folder["disk"]);

        foreach (var (operation, call) in Operations(store).Where(each => each.Operation[0] is 'w' or 'd'))
        {
            var error = await Assert.ThrowsAsync<FlowException>(call);
            Assert.Equal(FlowErrorId.StoreFailed, error.Id);
            Assert.StartsWith($"The store '{store.Name}' failed to {operation}: ", error.Message, StringComparison.Ordinal);
            Assert.Contains("Read-only file system", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(["a/x"], await ListAsync(store, ""));
        using var found = (await store.ReadAsync("a/x", Stop))!;
        Assert.Equal(10, found.Length);
    }

    [Fact]
    public async Task A_folder_below_a_file_is_an_error()
    {
        var store = new FolderStore(Path.Combine(_folder.Write("file", "content"), "store"));
        var error = await Assert.ThrowsAsync<FlowException>(async () => await store.WriteAsync("x", new byte[1], WriteCondition.Always, Stop));
        Assert.Equal(FlowErrorId.StoreFailed, error.Id);
        Assert.StartsWith($"The store '{store.Name}' failed to write 'x': ", error.Message, StringComparison.Ordinal);
        Assert.Null(await store.ReadAsync("x", Stop));
        Assert.Empty(await ListAsync(store, ""));
    }

    [Fact]
    public async Task An_unreadable_object_is_an_error()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "permissions bind neither Windows nor root this way");
        var store = new FolderStore(_folder.Path);
        await store.WriteAsync("x", new byte[1], WriteCondition.Always, Stop);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder["x"], UnixFileMode.None);
        var error = await Assert.ThrowsAsync<FlowException>(async () => await store.ReadAsync("x", Stop));
        Assert.StartsWith($"The store '{store.Name}' failed to read 'x': Access to the path", error.Message, StringComparison.Ordinal);
    }

    // A small file system in memory, of which the store is a folder.
    private FolderStore Mount(string options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root on Linux can mount a small disk");
        Directory.CreateDirectory(_folder["disk"]);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", options, "none", _folder["disk"]) == 0, "a small disk cannot be mounted here");
        _isMounted = true;
        return new(_folder["disk/store"]);
    }

    // Empty files until there is no place for another one.
    private List<string> Fill()
    {
        var files = new List<string>();
        try
        {
            while (true)
            {
                var file = _folder[$"disk/filler-{files.Count}"];
                File.Create(file).Dispose();
                files.Add(file);
            }
        }
        catch (IOException)
        {
            return files;
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
