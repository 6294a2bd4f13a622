using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Storage;

/// <summary>Unsuitable file systems are detected by a probe.</summary>
public sealed class FolderProbeTests : IDisposable
{
    private const int OperationNotSupported = 95;

    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_normal_file_system_passes_and_no_files_remain()
    {
        Assert.Null(new FolderProbe(_folder, AtomicFile.TryCreate, AtomicFile.Move).FindFault());
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_file_system_that_overwrites_on_create_is_rejected() => AssertFault("create a file that does not exist yet", create: (source, destination) =>
    {
        File.Move(source, destination, overwrite: true);
        return true;
    });

    [Fact]
    public void A_file_system_that_reports_a_conflict_but_replaces_is_rejected() => AssertFault("create a file that does not exist yet", create: (source, destination) =>
    {
        var isFree = !File.Exists(destination);
        File.Copy(source, destination, overwrite: true);
        return isFree;
    });

    [Fact]
    public void A_file_system_without_the_call_is_rejected()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "every file system of Windows has the call");
        AssertFault("create a file that does not exist yet", create: (_, _) => throw new IOException("Operation not supported", OperationNotSupported));
    }

    [Fact]
    public void A_file_system_that_copies_instead_of_renaming_is_rejected() =>
        AssertFault("atomically replace a file", move: (source, destination) => File.Copy(source, destination, overwrite: true));

    [Fact]
    public void A_full_disk_is_not_a_file_system_fault()
    {
        var probe = new FolderProbe(_folder, (_, _) => throw new IOException("No space left on device", 28), AtomicFile.Move);
        Assert.Equal("No space left on device", Assert.Throws<IOException>(() => probe.FindFault()).Message);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private void AssertFault(string expected, Func<string, string, bool>? create = null, Action<string, string>? move = null)
    {
        var fault = new FolderProbe(_folder, create ?? AtomicFile.TryCreate, move ?? AtomicFile.Move).FindFault();
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }
}
