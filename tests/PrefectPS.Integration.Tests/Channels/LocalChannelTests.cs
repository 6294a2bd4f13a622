using Microsoft.Extensions.Time.Testing;
using PrefectPS.Channels;

namespace PrefectPS.Integration.Tests.Channels;

/// <summary>The contract, for channels with a manual clock.</summary>
public abstract class LocalChannelContract : EngineChannelContract
{
    private protected FakeTimeProvider Clock { get; } = new(new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));

    protected override DateTimeOffset Now => Clock.GetUtcNow();

    protected override ValueTask PassAsync(TimeSpan time)
    {
        Clock.Advance(time);
        return default;
    }
}

public sealed class MemoryChannelTests : LocalChannelContract
{
    protected override ValueTask<IFlowChannel> CreateAsync() => new(new MemoryChannel("test", Clock));

    protected override IFlowChannel OpenAgain() => Channel;

    [Fact]
    public void A_name_means_the_same_channel_in_the_whole_process()
    {
        var name = Guid.NewGuid().ToString();
        Assert.Same(MemoryChannel.Named(name), MemoryChannel.Named(name));
        Assert.Same(MemoryChannel.Named($"{name}/dead"), MemoryChannel.Named(name).DeadLetters);
    }
}

public sealed class FolderChannelTests : LocalChannelContract
{
    private readonly TemporaryFolder _folder = new();

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return base.DisposeAsync();
    }

    protected override ValueTask<IFlowChannel> CreateAsync() => new(OpenAgain());

    protected override IFlowChannel OpenAgain() => new FolderChannel(_folder["a channel"], Clock);

    // As when a file is truncated: the metadata line is complete.
    private protected override async ValueTask SendCutAsync(ChannelMessage message, int length)
    {
        await Channel.SendAsync(message, Stop);
        await using var file = File.OpenWrite(Directory.GetFiles(_folder["a channel"], "*.message").Single());
        file.SetLength(file.Length - message.Document.Length + length);
    }

    [Fact]
    public async Task Messages_come_in_the_order_they_were_sent()
    {
        for (var i = 0; i < 10; i++)
        {
            await Channel.SendAsync(Message($"{i}"), Stop);
            Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        for (var i = 0; i < 10; i++)
            Assert.Equal($"{i}", Text(await ReceiveAsync(TimeSpan.FromMinutes(1))));
    }

    [Fact]
    public async Task Foreign_files_are_left_alone()
    {
        await Channel.SendAsync(Message("x"), Stop);
        await File.WriteAllTextAsync(_folder["a channel/notes.message"], "mine", Stop);
        await File.WriteAllTextAsync(_folder["a channel/notes.txt"], "mine", Stop);
        await (await ReceiveAsync(TimeSpan.FromMinutes(1))).CompleteAsync(Stop);
        Assert.Null(await Channel.ReceiveAsync(TimeSpan.FromMinutes(1), TimeSpan.Zero, Stop));
        Assert.Equal(["notes.message", "notes.txt"], Directory.GetFiles(_folder["a channel"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_read_only_folder_is_one_clear_error()
    {
        await File.WriteAllTextAsync(_folder["file"], "in the way", Stop);
        var error = await Assert.ThrowsAsync<FlowException>(async () => await new FolderChannel(_folder["file"], Clock).SendAsync(Message("x"), Stop));
        Assert.Equal(FlowErrorId.ChannelFailed, error.Id);
        Assert.StartsWith($"The channel '{_folder["file"]}' failed to send: ", error.Message, StringComparison.Ordinal);
    }
}
