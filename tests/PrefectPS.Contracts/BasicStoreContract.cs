using System.Security.Cryptography;
using System.Text;
using PrefectPS.Storage;
using Xunit;

namespace PrefectPS.Contracts;

/// <summary>
/// The part of <see cref="StoreContract"/> that an emulator passes, too, which ignores conditions and keeps the first block of a large object only. A store is held to the whole
/// contract.
/// </summary>
public abstract class BasicStoreContract : IAsyncLifetime
{
    /// <summary>The size of a request of many services: 4 MiB.</summary>
    protected const int Block = 4 * 1024 * 1024;

    private IFlowStore? _store;

    /// <summary>Paths that every store takes.</summary>
    public static TheoryData<string> GoodPaths =>
    [
        "x", "a/b/c.json", "a b", "ä/日本語/Ελλάδα.json", "😀/𝒳.txt", "%", "a%20b", "a%2Fb", "#1", "a+b", "a&b=c", "it's", "(1)", "[x]", "{x}", "~", "^", "`",
        "a;b", "a,b", "$x", "@x", "!x", ".x", "..x", "x..y", "-", "_", "A/b", new string('n', 200), $"{new string('a', 100)}/{new string('b', 100)}/{new string('c', 100)}",
        new string('日', 85),
    ];

    /// <summary>Paths that no store takes.</summary>
    public static TheoryData<string> BadPaths =>
    [
        "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/.", "C:", "C:/a", "a:b", "a\\..\\b", "\\a", "a.", "a ", "a/b./c", "a\u0000b", "a\nb", "a\u007fb",
        "a<b", "a>b", "a\"b", "a|b", "a?b", "a*b", "NUL", "nul.txt", "a/con/b", "COM1", "lpt9.log", ".prefectps/x", ".prefectps-x", "\ud83d", "a/\ude00b",
        new string('n', 256), $"a/{new string('日', 85)}x", string.Join('/', Enumerable.Repeat(new string('n', 200), 5)),
    ];

    /// <summary>The store, which was empty when the test began.</summary>
    protected IFlowStore Store => _store!;

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Creates an empty store that no other test uses.</summary>
    protected abstract ValueTask<IFlowStore> CreateAsync();

    /// <summary>Opens the same store once more, as another process does.</summary>
    protected abstract IFlowStore OpenAgain();

    /// <summary>Creates the store.</summary>
    public async ValueTask InitializeAsync() => _store = await CreateAsync();

    /// <summary>Ends the test; an override removes the store.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task It_is_the_same_store_for_whoever_opens_it()
    {
        await WriteAsync("x", "content");
        var again = OpenAgain();
        Assert.Equal("content", await ReadAsync(again, "x"));
        Assert.Equal((Store.Address, Store.Name), (again.Address, again.Name));
        Assert.False(string.IsNullOrWhiteSpace(Store.Address) || string.IsNullOrWhiteSpace(Store.Name), "The store has no address or no name.");
    }

    [Theory]
    [MemberData(nameof(BadPaths))]
    public async Task A_path_that_is_none_is_refused_and_nothing_is_done(string path)
    {
        await AssertErrorAsync(FlowErrorId.TargetInvalid, async () => await Store.ReadAsync(path, Stop));
        await AssertErrorAsync(FlowErrorId.TargetInvalid, async () => await WriteAsync(path, "x"));
        await AssertErrorAsync(FlowErrorId.TargetInvalid, async () => await Store.DeleteAsync(path, null, Stop));
        Assert.Empty(await ListAsync());
    }

    [Theory]
    [MemberData(nameof(GoodPaths))]
    public async Task What_is_written_under_a_path_is_read_listed_and_deleted_under_it(string path)
    {
        await WriteAsync(path, "content of " + path);

        Assert.Equal("content of " + path, await ReadAsync(path));
        Assert.Equal([path], await ListAsync());
        Assert.True(await Store.DeleteAsync(path, null, Stop));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Folders_are_listed_without_what_is_in_them()
    {
        Assert.SkipUnless(Store is IFolderLister, "The store does not list folders.");
        foreach (var path in new[] { "runs/x/a/head.json", "runs/x/a/b/c", "runs/x/d/e", "runs/x/é é/f", "runs/x/file", "runs/xy/z/g", "runs/x-y/h/i" })
            await WriteAsync(path, "content");
        var lister = (IFolderLister)Store;
        Assert.Equal(["a", "d", "é é"], lister.FoldersIn("runs/x/").Order(StringComparer.Ordinal));
        Assert.Equal(["x", "x-y", "xy"], lister.FoldersIn("runs/").Order(StringComparer.Ordinal));
        Assert.Empty(lister.FoldersIn("runs/x/a/b/"));
        Assert.Empty(lister.FoldersIn("none/"));
    }

    [Fact]
    public async Task A_backslash_separates_as_a_slash_does()
    {
        await WriteAsync("a\\b", "content");
        Assert.Equal("content", await ReadAsync("a/b"));
        Assert.Equal(["a/b"], await ListAsync("a\\"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block - 1)]
    public Task Content_comes_back_as_it_was(int size) => AssertKeptAsync(size);

    [Theory]
    [InlineData(10)]
    [InlineData(Block - 1)]
    public async Task Content_may_come_from_a_stream_that_can_only_be_read(int size)
    {
        using var content = new ForwardStream(size);
        await Store.WriteAsync("x", content, WriteCondition.Always, Stop);
        AssertSame(ForwardStream.Bytes(size), await BytesAsync("x"));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(Block - 1)]
    public async Task Content_is_taken_from_the_streams_position_to_its_end(int size)
    {
        using var content = new MemoryStream(RandomNumberGenerator.GetBytes(size)) { Position = 7 };
        await Store.WriteAsync("x", content, WriteCondition.Always, Stop);
        AssertSame(content.ToArray()[7..], await BytesAsync("x"));
    }

    [Fact]
    public async Task What_is_not_there_is_read_as_null() => Assert.Null(await Store.ReadAsync("a/b", Stop));

    [Fact]
    public async Task A_write_takes_the_place_of_what_was_there()
    {
        await WriteAsync("x", "a longer content than the next");
        await WriteAsync("x", "short");
        Assert.Equal("short", await ReadAsync("x"));
        Assert.Equal(5, Assert.Single(await EntriesAsync()).Length);
    }

    [Fact]
    public async Task A_write_tells_the_version_that_a_read_finds()
    {
        var version = await WriteAsync("x", "content");
        using var found = (await Store.ReadAsync("x", Stop))!;
        Assert.Equal(version, found.Version);
    }

    [Fact]
    public async Task A_reader_sees_the_old_content_or_the_new_and_never_a_part()
    {
        string[] contents = [new('a', 300_000), new('b', 200_000)];
        await WriteAsync("x", contents[0]);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var reading = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                Assert.Contains(await ReadAsync("x"), contents);
        }, Stop);
        for (var i = 1; i <= 30; i++)
            await WriteAsync("x", contents[i % 2]);
        await done.CancelAsync();

        await reading;
    }

    [Fact]
    public async Task An_object_that_was_opened_does_not_change()
    {
        await WriteAsync("x", "old");
        using var found = (await Store.ReadAsync("x", Stop))!;
        await WriteAsync("x", "new");
        Assert.Equal("old", Encoding.UTF8.GetString(await found.ReadAllAsync(Stop)));
    }

    [Fact]
    public async Task Threads_may_do_what_they_like_at_once()
    {
        await Parallel.ForAsync(0, 40, Stop, async (i, stop) =>
        {
            var path = $"a/{i % 10}/{i}";
            await WriteAsync(path, path);
            Assert.Equal(path, await ReadAsync(path));
            if (i % 2 == 0)
                Assert.True(await Store.DeleteAsync(path, null, stop));
        });
        Assert.Equal(20, (await ListAsync("a/")).Count);
    }

    [Fact]
    public async Task To_delete_tells_whether_there_was_one()
    {
        await WriteAsync("x", "content");
        Assert.True(await Store.DeleteAsync("x", null, Stop));
        Assert.False(await Store.DeleteAsync("x", null, Stop));
        Assert.False(await Store.DeleteAsync("a/never", null, Stop));
    }

    [Fact]
    public async Task A_listing_is_in_ordinal_order_of_the_paths()
    {
        string[] paths = ["a-b", "a/b", "a/b-c", "a/b/c", "a0", "B", "_", "a/B", "z/1", "z/10", "z/2", "é"];
        foreach (var path in paths)
            await WriteAsync(path == "a/b" ? "a/b.x" : path, "x");
        Assert.Equal(paths.Select(path => path == "a/b" ? "a/b.x" : path).Order(StringComparer.Ordinal), await ListAsync());
    }

    [Theory]
    [InlineData("", "a/x a/xy ab b/a/x")]
    [InlineData("a", "a/x a/xy ab")]
    [InlineData("a/", "a/x a/xy")]
    [InlineData("a/x", "a/x a/xy")]
    [InlineData("a/xy", "a/xy")]
    [InlineData("b/a", "b/a/x")]
    [InlineData("c", "")]
    [InlineData("a/x/", "")]
    [InlineData("A", "")]
    public async Task A_listing_has_the_paths_that_begin_with_the_prefix(string prefix, string expected)
    {
        foreach (var path in new[] { "a/x", "a/xy", "ab", "b/a/x" })
            await WriteAsync(path, "x");
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), await ListAsync(prefix));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("../")]
    [InlineData("a//b")]
    public async Task A_prefix_that_leads_nowhere_is_refused(string prefix) =>
        await AssertErrorAsync(FlowErrorId.TargetInvalid, async () => await ListAsync(prefix));

    [Fact]
    public async Task A_listing_tells_size_and_time_of_each_object()
    {
        await WriteAsync("first", "12345");
        await WriteAsync("second", "1234567");
        var entries = await EntriesAsync();
        Assert.Equal([("first", 5L), ("second", 7L)], entries.Select(entry => (entry.Path, entry.Length)));
        Assert.All(entries, entry => Assert.InRange((DateTimeOffset.UtcNow - entry.LastModified).Duration(), TimeSpan.Zero, TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task A_listing_goes_on_to_the_last_page()
    {
        await Parallel.ForAsync(0, 25, Stop, async (i, _) => await WriteAsync($"p/{i:d2}", "x"));
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"p/{i:d2}"), await ListAsync("p/"));
    }

    [Fact]
    public async Task An_empty_store_lists_nothing() => Assert.Empty(await ListAsync());

    [Fact]
    public async Task A_call_that_is_cancelled_says_so_and_does_nothing()
    {
        var stop = new CancellationToken(canceled: true);
        await WriteAsync("x", "old");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.ReadAsync("x", stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.WriteAsync("x", Stream.Null, WriteCondition.Always, stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.DeleteAsync("x", null, stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Store.ListAsync(string.Empty, stop))
            {
            }
        });
        Assert.Equal("old", await ReadAsync("x"));
    }

    /// <summary>Asserts that a large object is written and read while little of it is in memory: for a test of a store that is not itself in memory.</summary>
    protected async Task AssertStreamsAsync()
    {
        const int Size = 128 * 1024 * 1024, Most = Size / 2;
        var (before, grown) = (GC.GetTotalMemory(forceFullCollection: true), 0L);
        using var content = new ForwardStream(Size) { At = (Size * 3L / 4, Look) };
        await Store.WriteAsync("x", content, WriteCondition.Always, Stop);

        using var found = (await Store.ReadAsync("x", Stop))!;
        var buffer = new byte[1024 * 1024];
        for (long left = Size; left > 0;)
        {
            var read = await found.Content.ReadAtLeastAsync(buffer, (int)Math.Min(left, buffer.Length), cancellationToken: Stop);
            left -= read;
            if (left == Size / 4)
                Look();
        }

        Assert.InRange(grown, 0, Most);

        void Look() => grown = Math.Max(grown, GC.GetTotalMemory(forceFullCollection: true) - before);
    }

    /// <summary>Writes a text.</summary>
    protected async ValueTask<string> WriteAsync(string path, string content, WriteCondition condition = default)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content), writable: false);
        return await Store.WriteAsync(path, stream, condition, Stop);
    }

    /// <summary>Reads a text; null where there is no object.</summary>
    protected Task<string?> ReadAsync(string path) => ReadAsync(Store, path);

    /// <summary>Reads a text from another store; null where there is no object.</summary>
    protected static async Task<string?> ReadAsync(IFlowStore store, string path)
    {
        using var found = await store.ReadAsync(path, Stop);
        return found is null ? null : Encoding.UTF8.GetString(await found.ReadAllAsync(Stop));
    }

    /// <summary>Reads an object that is there.</summary>
    protected async Task<byte[]> BytesAsync(string path)
    {
        using var found = (await Store.ReadAsync(path, Stop))!;
        return await found.ReadAllAsync(Stop);
    }

    /// <summary>Lists the paths below a prefix.</summary>
    protected async Task<IReadOnlyList<string>> ListAsync(string prefix = "") => [.. (await EntriesAsync(prefix)).Select(entry => entry.Path)];

    /// <summary>Lists the objects below a prefix.</summary>
    protected async Task<IReadOnlyList<StoreEntry>> EntriesAsync(string prefix = "")
    {
        var entries = new List<StoreEntry>();
        await foreach (var entry in Store.ListAsync(prefix, Stop))
            entries.Add(entry);
        return entries;
    }

    /// <summary>Asserts that two contents are the same.</summary>
    protected static void AssertSame(byte[] expected, byte[] actual) =>
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"The content differs, or its size: {actual.Length} for {expected.Length}.");

    /// <summary>Asserts that an action fails with an error of a kind.</summary>
    protected static async Task AssertErrorAsync(string id, Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<FlowException>(action);
        Assert.True(error.Id == id, $"{error.Id}: {error.Message}");
    }

    /// <summary>Asserts that a content of a size is kept.</summary>
    protected async Task AssertKeptAsync(int size)
    {
        using var content = new MemoryStream(RandomNumberGenerator.GetBytes(size), writable: false);
        await Store.WriteAsync("x", content, WriteCondition.Always, Stop);

        using var found = (await Store.ReadAsync("x", Stop))!;

        Assert.Equal(size, found.Length);
        AssertSame(content.ToArray(), await found.ReadAllAsync(Stop));
        Assert.Equal(size, Assert.Single(await EntriesAsync()).Length);
    }
}
