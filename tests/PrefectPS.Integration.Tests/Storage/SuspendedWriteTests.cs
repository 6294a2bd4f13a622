using System.Diagnostics;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>A real process that is suspended in the middle of a write on a condition: only its object waits for it.</summary>
public sealed class SuspendedWriteTests : StoreErrorTests, IDisposable
{
    private const string Large = "large";
    private const long Size = 512L << 20; // no disk space is used, but comparing it takes a while

    private readonly TemporaryFolder _folder = new();

    private string Locks => Path.Combine(_folder.Path, ".prefectps");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Others_are_written_meanwhile_its_own_is_told_and_the_write_then_goes_on()
    {
        using var writer = await SuspendAsync();
        var store = new FolderStore(_folder.Path, patience: TimeSpan.FromMilliseconds(500));
        for (var i = 0; i < 64; i++) // as many as would meet any shared lock
        {
            var version = await store.WriteAsync($"other/{i}", [1], WriteCondition.IfAbsent, Stop);
            version = await store.WriteAsync($"other/{i}", [2], WriteCondition.IfVersion(version), Stop);
            Assert.True(await store.DeleteAsync($"other/{i}", version, Stop));
        }

        var error = await Assert.ThrowsAsync<FlowException>(async () => await store.WriteAsync(Large, [1], WriteCondition.IfVersion("any"), Stop));
        Assert.Equal((FlowErrorId.StoreFailed, true), (error.Id, error.IsTransient));
        Assert.StartsWith($"The store '{store.Name}' failed to write '{Large}': another process has been writing it for 0.5 seconds.", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<FlowException>(async () => await store.WriteAsync(Large, [1], WriteCondition.IfAbsent, Stop));
        Assert.Equal(FlowErrorId.StoreConflict, error.Id);

        await SignalAsync(writer, "CONT");
        await writer.WaitForExitAsync(Stop);
        Assert.Equal(0, writer.ExitCode);
        Assert.Equal("new", await File.ReadAllTextAsync(_folder[Large], Stop));
        Assert.Empty(Directory.GetFiles(Locks));
    }

    [Fact]
    public async Task A_killed_process_releases_its_lock()
    {
        using var writer = await SuspendAsync();
        writer.Kill();
        await writer.WaitForExitAsync(Stop);
        var store = new FolderStore(_folder.Path);
        string version;
        using (var found = (await store.ReadAsync(Large, Stop))!)
            version = found.Version;
        await store.WriteAsync(Large, [1], WriteCondition.IfVersion(version), Stop);
        Assert.Equal(1, new FileInfo(_folder[Large]).Length);
        Assert.DoesNotContain(Directory.GetFiles(Locks), file => Path.GetFileName(file).StartsWith("lock-", StringComparison.Ordinal));
    }

    private async Task<Process> SuspendAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are suspended by a signal");
        using (var file = File.Create(_folder[Large]))
            file.SetLength(Size);
        var writer = SlowWriter.Start(_folder.Path, Large);
        while (!Directory.Exists(Locks) || Directory.GetFiles(Locks, "lock-*").Length == 0)
        {
            Assert.False(writer.HasExited, "The process has written already.");
            await Task.Delay(1, Stop);
        }

        await Task.Delay(100, Stop); // the file is there before its lock is taken; comparing takes longer than this
        await SignalAsync(writer, "STOP");
        Assert.False(writer.HasExited);
        Assert.NotEmpty(Directory.GetFiles(Locks, "lock-*")); // it was suspended while it had the lock
        return writer;
    }

    private static async Task SignalAsync(Process process, string signal)
    {
        await ProcessSignal.SendAsync(process, signal);
        await Task.Delay(50, Stop);
    }
}
