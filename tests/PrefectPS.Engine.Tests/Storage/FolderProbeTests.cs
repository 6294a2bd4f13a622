using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Storage;

/// <summary>File systems that do not do what a store needs are told by trying.</summary>
public sealed class FolderProbeTests : IDisposable
{
    private const int OperationNotSupported = 95;

    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_usual_file_system_passes_and_nothing_is_left_behind()
    {
        Assert.Null(new FolderProbe(_folder, AtomicFile.TryCreate, AtomicFile.Move).FindFault());
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void One_that_creates_over_a_file_that_is_there_is_told() => AssertFault("create a file that does not exist yet", create: (source, destination) =>
    {
        File.Move(source, destination, overwrite: true);
        return true;
    });

    [Fact]
    public void One_that_says_that_there_is_none_but_replaces_it_is_told() => AssertFault("create a file that does not exist yet", create: (source, destination) =>
    {
        var isFree = !File.Exists(destination);
        File.Copy(source, destination, overwrite: true);
        return isFree;
    });

    [Fact]
    public void One_that_has_no_such_call_is_told()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "every file system of Windows has the call");
        AssertFault("create a file that does not exist yet", create: (_, _) => throw new IOException("Operation not supported", OperationNotSupported));
    }

    [Fact]
    public void One_that_copies_instead_of_renaming_is_told() =>
        AssertFault("atomically replace a file", move: (source, destination) => File.Copy(source, destination, overwrite: true));

    [Fact]
    public void A_disk_that_is_full_is_no_fault_of_the_file_system()
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
