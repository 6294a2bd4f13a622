using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Storage;

/// <summary>Behavior of folder stores beyond the contract of all stores.</summary>
public sealed class FolderStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-").FullName;

    private FolderStore Store => new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Writes_leave_only_the_objects()
    {
        await WriteAsync("x", 100_000);
        await WriteAsync("a/b/y", 0);
        Assert.Equal([Path.Combine("a", "b", "y"), "x"], Files());
    }

    [Fact]
    public async Task Conditional_writes_leave_only_the_objects()
    {
        var version = await Store.WriteAsync("x", new byte[1], WriteCondition.IfAbsent, TestContext.Current.CancellationToken);
        await Store.WriteAsync("x", new byte[2], WriteCondition.IfVersion(version), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<FlowException>(async () => await Store.DeleteAsync("x", version, TestContext.Current.CancellationToken));
        Assert.Equal(["x"], Files());
    }

    [Fact]
    public async Task A_folder_with_the_objects_name_is_an_error_not_a_conflict()
    {
        await WriteAsync("a/b", 1);
        var error = await Assert.ThrowsAsync<FlowException>(
            async () => await Store.WriteAsync("a", new byte[1], WriteCondition.IfAbsent, TestContext.Current.CancellationToken));
        Assert.Equal(FlowErrorId.StoreFailed, error.Id);
        Assert.Equal(["a/b"], await ListAsync());
    }

    [Fact]
    public async Task Deleting_an_object_removes_its_empty_folders()
    {
        await WriteAsync("a/b/x", 1);
        await WriteAsync("a/y", 1);
        await Store.DeleteAsync("a/b/x", null, TestContext.Current.CancellationToken);
        Assert.Equal(["a", "a/y"], Directory.GetFileSystemEntries(_folder, "*", SearchOption.AllDirectories)
            .Select(entry => Path.GetRelativePath(_folder, entry).Replace('\\', '/')).Where(entry => entry[0] != '.').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_folder_may_be_deleted_while_others_write_into_it()
    {
        await Parallel.ForAsync(0, 200, TestContext.Current.CancellationToken, async (i, stop) =>
        {
            await Store.WriteAsync($"a/b/{i}", new byte[1], WriteCondition.Always, stop);
            Assert.True(await Store.DeleteAsync($"a/b/{i}", null, stop));
        });
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_dead_processs_temporary_file_is_not_listed_and_removed_after_a_day()
    {
        var (old, recent, future) = (TempFile(age: TimeSpan.FromHours(25)), TempFile(age: TimeSpan.FromHours(23)), TempFile(age: TimeSpan.FromDays(-400)));
        Assert.Empty(await ListAsync());
        Assert.Equal((false, true, false), (File.Exists(old), File.Exists(recent), File.Exists(future)));
    }

    [Fact]
    public async Task A_write_also_removes_old_temporary_files_beside_its_object()
    {
        var old = TempFile(age: TimeSpan.FromHours(25));
        await WriteAsync("x", 1);
        Assert.False(File.Exists(old));
    }

    [Theory]
    [InlineData(".prefectps/lock-0")]
    [InlineData("a/.prefectps-x.tmp")]
    [InlineData(".PrefectPS")]
    public async Task Reserved_names_are_not_objects(string path)
    {
        var error = await Assert.ThrowsAsync<FlowException>(async () => await WriteAsync(path, 1));
        Assert.Equal(FlowErrorId.TargetInvalid, error.Id);
        Assert.Contains("reserved name of stores", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_not_an_object()
    {
        await WriteAsync("a/b", 1);
        Assert.Null(await Store.ReadAsync("a", TestContext.Current.CancellationToken));
        Assert.False(await Store.DeleteAsync("a", null, TestContext.Current.CancellationToken));
        var error = await Assert.ThrowsAsync<FlowException>(async () => await WriteAsync("a", 1));
        Assert.Equal(FlowErrorId.StoreFailed, error.Id);
        Assert.Equal(["a/b"], await ListAsync());
    }

    [Fact]
    public async Task An_object_cannot_contain_others()
    {
        await WriteAsync("a", 1);
        Assert.Null(await Store.ReadAsync("a/b", TestContext.Current.CancellationToken));
        var error = await Assert.ThrowsAsync<FlowException>(async () => await WriteAsync("a/b", 1));
        Assert.StartsWith($"The store '{_folder}' failed to write 'a/b': ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_with_invalid_names_are_not_listed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files");
        foreach (var name in new[] { "a:b", "c ", "nul", "good" })
            await File.WriteAllTextAsync(Path.Combine(_folder, name), "x", TestContext.Current.CancellationToken);
        Assert.Equal(["good"], await ListAsync());
    }

    [Fact]
    public async Task The_version_is_available_while_an_object_is_read()
    {
        var version = await Store.WriteAsync("x", "content"u8.ToArray(), WriteCondition.Always, TestContext.Current.CancellationToken);
        using var found = await Store.ReadAsync("x", TestContext.Current.CancellationToken);
        Assert.Equal('c', found!.Content.ReadByte());
        Assert.Equal(version, found.Version);
        Assert.Equal('o', found.Content.ReadByte());
    }

    private async Task WriteAsync(string path, int length) =>
        await Store.WriteAsync(path, new byte[length], WriteCondition.Always, TestContext.Current.CancellationToken);

    private async Task<List<string>> ListAsync()
    {
        var paths = new List<string>();
        await foreach (var entry in Store.ListAsync(string.Empty, TestContext.Current.CancellationToken))
            paths.Add(entry.Path);
        return paths;
    }

    private IEnumerable<string> Files() =>
        Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_folder, f)).Order(StringComparer.Ordinal);

    private string TempFile(TimeSpan age)
    {
        var file = Path.Combine(_folder, $".prefectps-{Guid.NewGuid():n}.tmp");
        File.WriteAllText(file, "half");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow - age);
        return file;
    }
}
