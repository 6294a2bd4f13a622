using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PrefectPS.Storage;
using Xunit;

namespace PrefectPS.Contracts;

/// <summary>The contract of <see cref="IFlowStore"/> as tests. A test class of a provider derives from it and says how its store is made.</summary>
public abstract class StoreContract : BasicStoreContract
{
    /// <summary>More than what goes in one request, or in two.</summary>
    protected const int Large = (2 * Block) + (1024 * 1024) + 1;

    [Theory]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    [InlineData(2 * Block)]
    [InlineData(Large)]
    public Task Content_of_more_than_one_request_comes_back_as_it_was(int size) => AssertKeptAsync(size);

    [Fact]
    public async Task Large_content_may_come_from_a_stream_that_can_only_be_read()
    {
        using var content = new ForwardStream(Large);
        await Store.WriteAsync("x", content, WriteCondition.Always, Stop);
        AssertSame(ForwardStream.Bytes(Large), await BytesAsync("x"));
    }

    [Fact]
    public async Task Large_content_is_taken_from_the_streams_position_to_its_end()
    {
        using var content = new MemoryStream(RandomNumberGenerator.GetBytes(Large)) { Position = 7 };
        await Store.WriteAsync("x", content, WriteCondition.Always, Stop);
        AssertSame(content.ToArray()[7..], await BytesAsync("x"));
    }

    [Fact]
    public async Task Another_content_has_another_version()
    {
        Assert.NotEqual(await WriteAsync("x", "one"), await WriteAsync("x", "two"));
    }

    [Fact]
    public async Task A_write_if_absent_creates_an_object()
    {
        await WriteAsync("x", "content", WriteCondition.IfAbsent);
        Assert.Equal("content", await ReadAsync("x"));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(Large)]
    public async Task A_write_if_absent_changes_no_object(int size)
    {
        await WriteAsync("x", "first");
        using var content = new ForwardStream(size);
        await AssertErrorAsync(FlowErrorId.StoreConflict, async () => await Store.WriteAsync("x", content, WriteCondition.IfAbsent, Stop));
        Assert.Equal("first", await ReadAsync("x"));
        Assert.Equal(["x"], await ListAsync());
    }

    [Fact]
    public async Task A_write_if_absent_creates_what_was_deleted()
    {
        await WriteAsync("x", "first");
        await Store.DeleteAsync("x", null, Stop);
        await WriteAsync("x", "second", WriteCondition.IfAbsent);
        Assert.Equal("second", await ReadAsync("x"));
    }

    [Fact]
    public async Task A_write_on_a_version_replaces_that_version()
    {
        var version = await WriteAsync("x", "first");
        var next = await WriteAsync("x", "second", WriteCondition.IfVersion(version));
        await WriteAsync("x", "third", WriteCondition.IfVersion(next));
        Assert.Equal("third", await ReadAsync("x"));
    }

    [Fact]
    public async Task A_write_on_a_version_changes_no_other()
    {
        var version = await WriteAsync("x", "first");
        await WriteAsync("x", "second");
        await AssertErrorAsync(FlowErrorId.StoreConflict, async () => await WriteAsync("x", "third", WriteCondition.IfVersion(version)));
        Assert.Equal("second", await ReadAsync("x"));
    }

    [Fact]
    public async Task A_write_on_a_version_creates_nothing()
    {
        var version = await WriteAsync("x", "first");
        await Store.DeleteAsync("x", null, Stop);
        await AssertErrorAsync(FlowErrorId.StoreConflict, async () => await WriteAsync("x", "second", WriteCondition.IfVersion(version)));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Of_many_who_create_an_object_one_wins()
    {
        var wins = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => TryWriteAsync($"writer {i}", WriteCondition.IfAbsent), Stop)));
        var winner = Assert.Single(wins, version => version is not null);
        using var found = (await Store.ReadAsync("x", Stop))!;
        Assert.Equal(winner, found.Version);
    }

    [Fact]
    public async Task Of_many_who_replace_a_version_one_wins()
    {
        var version = await WriteAsync("x", "old");
        var wins = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => TryWriteAsync($"writer {i}", WriteCondition.IfVersion(version)), Stop)));
        Assert.Single(wins, each => each is not null);
    }

    [Fact]
    public async Task A_counter_that_many_count_up_on_its_version_loses_nothing()
    {
        const int Counters = 4, Each = 5;
        await WriteAsync("x", "0");
        await Task.WhenAll(Enumerable.Range(0, Counters).Select(_ => Task.Run(async () =>
        {
            for (var counted = 0; counted < Each;)
                counted += await TryCountUpAsync() ? 1 : 0;
        }, Stop)));
        Assert.Equal((Counters * Each).ToString(CultureInfo.InvariantCulture), await ReadAsync("x"));
    }

    [Fact]
    public async Task A_delete_of_a_version_deletes_that_one_alone()
    {
        var version = await WriteAsync("x", "first");
        var next = await WriteAsync("x", "second");
        await AssertErrorAsync(FlowErrorId.StoreConflict, async () => await Store.DeleteAsync("x", version, Stop));
        Assert.Equal("second", await ReadAsync("x"));
        Assert.True(await Store.DeleteAsync("x", next, Stop));
        Assert.False(await Store.DeleteAsync("x", next, Stop));
    }

    [Fact]
    public async Task A_write_that_fails_half_way_changes_nothing()
    {
        await WriteAsync("x", "old");
        using var content = new ForwardStream(Large) { FailsAt = Large - 1 };
        await Assert.ThrowsAsync<InvalidDataException>(async () => await Store.WriteAsync("x", content, WriteCondition.Always, Stop));
        Assert.Equal("old", await ReadAsync("x"));
        Assert.Equal(["x"], await ListAsync());
    }

    [Fact]
    public async Task A_write_that_is_cancelled_half_way_has_not_happened()
    {
        await WriteAsync("x", "old");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var content = new ForwardStream(Large) { At = (Large - 1, cancel.Cancel) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.WriteAsync("x", content, WriteCondition.Always, cancel.Token));
        Assert.Equal("old", await ReadAsync("x"));
    }

    private async Task<string?> TryWriteAsync(string content, WriteCondition condition)
    {
        try
        {
            return await WriteAsync("x", content, condition);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict)
        {
            return null;
        }
    }

    private async Task<bool> TryCountUpAsync()
    {
        using var found = (await Store.ReadAsync("x", Stop))!;
        var count = int.Parse(Encoding.UTF8.GetString(await found.ReadAllAsync(Stop)), CultureInfo.InvariantCulture);
        return await TryWriteAsync((count + 1).ToString(CultureInfo.InvariantCulture), WriteCondition.IfVersion(found.Version)) is not null;
    }
}
