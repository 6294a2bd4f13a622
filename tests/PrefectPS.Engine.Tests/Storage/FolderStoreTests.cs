using System.Text;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Storage;

public sealed class FolderStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-").FullName;

    private FolderStore Store => new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_written_is_read_and_a_second_write_takes_its_place()
    {
        await Store.WriteAsync("a/b.txt", "one"u8.ToArray(), TestContext.Current.CancellationToken);
        await Store.WriteAsync("a/b.txt", "two"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("two", await ReadAsync("a/b.txt"));
    }

    [Fact]
    public async Task What_is_not_there_reads_as_null()
    {
        Assert.Null(await Store.ReadAsync("a/b.txt", TestContext.Current.CancellationToken));
        Assert.Null(await new FolderStore(Path.Combine(_folder, "no such folder")).ReadAsync("x", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Writes_leave_no_other_file_behind()
    {
        await Store.WriteAsync("x", new byte[100_000], TestContext.Current.CancellationToken);
        Assert.Equal([Path.Combine(_folder, "x")], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_reader_sees_the_old_content_or_the_new_never_a_part()
    {
        var contents = Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 50_000)).ToArray();
        await Store.WriteAsync("x", Encoding.ASCII.GetBytes(contents[0]), TestContext.Current.CancellationToken);
        var writing = Parallel.ForAsync(0, 64, TestContext.Current.CancellationToken, async (i, stop) =>
            await Store.WriteAsync("x", Encoding.ASCII.GetBytes(contents[i % contents.Length]), stop));
        do
        {
            Assert.Contains(await ReadAsync("x"), contents);
        }
        while (!writing.IsCompleted);

        await writing;
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    public async Task A_path_out_of_the_store_is_refused(string path)
    {
        var error = await Assert.ThrowsAsync<FlowException>(async () => await Store.WriteAsync(path, new byte[1], TestContext.Current.CancellationToken));
        Assert.Equal(FlowErrorId.TargetInvalid, error.Id);
    }

    private async Task<string> ReadAsync(string path)
    {
        await using var content = await Store.ReadAsync(path, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(content!);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
