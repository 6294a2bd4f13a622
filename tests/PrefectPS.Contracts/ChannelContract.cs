using System.Text;
using PrefectPS.Channels;
using Xunit;

namespace PrefectPS.Contracts;

/// <summary>
/// The contract of <see cref="IFlowChannel"/> and <see cref="IDelivery"/> as tests, for a channel that also receives. A test class of a provider derives from it and says how
/// its channel is made.
/// </summary>
public abstract class ChannelContract : IAsyncLifetime
{
    /// <summary>A lock that does not end during a test.</summary>
    protected static readonly TimeSpan LongLock = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortLock = TimeSpan.FromSeconds(1);

    // A message that is there is received long before; on a machine with much to do a service takes its time.
    /// <summary>How long a message that is there may take to be received.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private IFlowChannel? _channel;

    /// <summary>The channel, which was empty when the test began.</summary>
    protected IFlowChannel Channel => _channel!;

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Creates an empty channel that no other test uses.</summary>
    protected abstract ValueTask<IFlowChannel> CreateAsync();

    /// <summary>Opens the same channel once more, as another process does.</summary>
    protected abstract IFlowChannel OpenAgain();

    /// <summary>Lets time pass: waits, or sets the clock of the channel forward.</summary>
    protected abstract ValueTask PassAsync(TimeSpan time);

    /// <summary>The present time by the clock of the channel.</summary>
    protected abstract DateTimeOffset Now { get; }

    /// <summary>Whether the channel itself holds a message until its <see cref="ChannelMessage.NotBefore"/>.</summary>
    protected virtual bool KeepsUntilItsTime => true;

    /// <summary>Whether the channel can tell that the lock of a delivery has ended.</summary>
    protected virtual bool KnowsLostLocks => true;

    /// <summary>Creates the channel.</summary>
    public async ValueTask InitializeAsync() => _channel = await CreateAsync();

    /// <summary>Ends the test; an override removes the channel.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_message_arrives_as_it_was_sent()
    {
        var sent = Message("x", step: 3) with { NotBefore = Now.AddSeconds(-1) };
        await Channel.SendAsync(sent, Stop);
        var delivery = await ReceiveAsync(LongLock);
        AssertSame(sent, delivery.Message);
        Assert.Equal(1, delivery.Count ?? 1);
    }

    [Fact]
    public async Task It_is_there_for_whoever_opens_the_channel()
    {
        await Channel.SendAsync(Message("x"), Stop);
        Assert.Equal("x", Text(Assert.IsType<IDelivery>(await OpenAgain().ReceiveAsync(LongLock, Patience, Stop), exactMatch: false)));
    }

    [Fact]
    public async Task A_document_of_someone_else_arrives_without_flow_run_and_step()
    {
        await Channel.SendAsync(new(Encoding.UTF8.GetBytes("[\n{\"slug\": \"a\"}]")), Stop);
        var message = (await ReceiveAsync(LongLock)).Message;
        Assert.Equal("[\n{\"slug\": \"a\"}]", Encoding.UTF8.GetString(message.Document));
        Assert.Equal((null, null, null, null), (message.Flow, message.RunId, message.Step, message.Reason));
    }

    [Fact]
    public async Task An_empty_channel_gives_nothing_at_once() =>
        Assert.Null(await Channel.ReceiveAsync(LongLock, TimeSpan.Zero, Stop));

    [Fact]
    public async Task Waiting_ends_when_a_message_comes()
    {
        var waiting = Channel.ReceiveAsync(LongLock, Patience, Stop);
        await Channel.SendAsync(Message("x"), Stop);
        Assert.Equal("x", Text(Assert.IsType<IDelivery>(await waiting, exactMatch: false)));
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var waiting = Channel.ReceiveAsync(LongLock, Patience, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
    }

    [Fact]
    public async Task Nobody_else_is_given_a_message_while_it_is_locked()
    {
        await Channel.SendAsync(Message("x"), Stop);
        await ReceiveAsync(LongLock);
        Assert.Null(await OpenAgain().ReceiveAsync(LongLock, TimeSpan.Zero, Stop));
    }

    [Fact]
    public async Task A_message_whose_lock_ended_is_delivered_again()
    {
        await Channel.SendAsync(Message("x"), Stop);
        var first = await ReceiveAsync(ShortLock);
        await PassAsync(ShortLock + ShortLock);
        var second = await ReceiveAsync(LongLock);
        Assert.Equal((first.Id, "x"), (second.Id, Text(second)));
        Assert.Equal(2, second.Count ?? 2);
    }

    [Fact]
    public async Task A_message_that_was_completed_is_not_delivered_again()
    {
        await Channel.SendAsync(Message("x"), Stop);
        Assert.True(await (await ReceiveAsync(ShortLock)).CompleteAsync(Stop));
        await PassAsync(ShortLock + ShortLock);
        Assert.Null(await Channel.ReceiveAsync(LongLock, TimeSpan.Zero, Stop));
    }

    [Fact]
    public async Task A_message_that_was_put_back_is_delivered_again()
    {
        await Channel.SendAsync(Message("x"), Stop);
        var first = await ReceiveAsync(LongLock);
        Assert.True(await first.AbandonAsync(TimeSpan.Zero, Stop));
        var second = await ReceiveAsync(LongLock);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(2, second.Count ?? 2);
    }

    [Fact]
    public async Task A_message_that_was_put_back_for_a_time_comes_after_it()
    {
        await Channel.SendAsync(Message("x"), Stop);
        await (await ReceiveAsync(LongLock)).AbandonAsync(TimeSpan.FromSeconds(3), Stop);
        Assert.Null(await Channel.ReceiveAsync(LongLock, TimeSpan.Zero, Stop));
        await PassAsync(TimeSpan.FromSeconds(4));
        Assert.Equal("x", Text(await ReceiveAsync(LongLock)));
    }

    [Fact]
    public async Task A_lock_can_be_extended()
    {
        await Channel.SendAsync(Message("x"), Stop);
        var delivery = await ReceiveAsync(TimeSpan.FromSeconds(5));
        Assert.True(await delivery.ExtendAsync(LongLock, Stop));
        await PassAsync(TimeSpan.FromSeconds(6));
        Assert.Null(await Channel.ReceiveAsync(LongLock, TimeSpan.Zero, Stop));
        Assert.True(await delivery.CompleteAsync(Stop));
    }

    [Fact]
    public async Task A_delivery_whose_lock_ended_takes_nothing_from_the_one_that_came_after()
    {
        await Channel.SendAsync(Message("x"), Stop);
        var late = await ReceiveAsync(ShortLock);
        await PassAsync(ShortLock + ShortLock);
        var second = await ReceiveAsync(LongLock);
        var told = await late.AbandonAsync(TimeSpan.Zero, Stop);
        if (KnowsLostLocks)
        {
            Assert.False(told);
            Assert.False(await late.CompleteAsync(Stop));
            Assert.False(await late.ExtendAsync(LongLock, Stop));
            Assert.Null(await Channel.ReceiveAsync(LongLock, TimeSpan.Zero, Stop));
            Assert.True(await second.CompleteAsync(Stop));
        }
    }

    [Fact]
    public async Task A_message_for_later_is_not_delivered_before_its_time_or_says_it()
    {
        var time = Now.AddSeconds(4);
        await Channel.SendAsync(Message("x") with { NotBefore = time }, Stop);
        if (KeepsUntilItsTime)
        {
            Assert.Null(await Channel.ReceiveAsync(LongLock, TimeSpan.Zero, Stop));
            await PassAsync(TimeSpan.FromSeconds(5));
        }

        var delivery = await ReceiveAsync(LongLock);
        Assert.Equal("x", Text(delivery));
        if (!KeepsUntilItsTime)
            Assert.Equal(time, delivery.Message.NotBefore);
    }

    [Fact]
    public async Task The_largest_document_is_carried_and_a_larger_one_is_refused()
    {
        var size = Math.Min(Channel.MaxDocumentBytes, 20_000_000);
        var document = new byte[size];
        Array.Fill(document, (byte)'x');
        await Channel.SendAsync(Message("") with { Document = document }, Stop);
        Assert.Equal(document, (await ReceiveAsync(LongLock)).Message.Document);
        if (size < Channel.MaxDocumentBytes)
            return;
        var error = await Assert.ThrowsAsync<FlowException>(async () => await Channel.SendAsync(Message("") with { Document = [.. document, 0] }, Stop));
        Assert.Equal(FlowErrorId.MessageTooLarge, error.Id);
        Assert.Null(await Channel.ReceiveAsync(LongLock, TimeSpan.Zero, Stop));
    }

    [Fact]
    public async Task A_dead_letter_says_why_it_was_set_aside()
    {
        Assert.SkipUnless(Channel.DeadLetters is not null, "The channel has no place for dead letters.");
        var dead = Channel.DeadLetters;
        var sent = Message("x", step: 2) with { Reason = "It was \"delivered\" 5 times.\nNobody completed it." };
        await dead.SendAsync(sent, Stop);
        AssertSame(sent, (await dead.ReceiveAsync(LongLock, Patience, Stop))!.Message);
        Assert.Null(await Channel.ReceiveAsync(LongLock, TimeSpan.Zero, Stop));
    }

    [Fact]
    public async Task Many_receivers_at_once_are_never_given_the_same_message()
    {
        const int Count = 40;
        for (var i = 0; i < Count; i++)
            await Channel.SendAsync(Message($"{i}"), Stop);
        var received = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForAsync(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Stop }, async (_, stop) =>
        {
            var channel = OpenAgain();
            while (received.Count < Count && await channel.ReceiveAsync(LongLock, TimeSpan.FromSeconds(2), stop) is { } delivery)
            {
                received.Add(Text(delivery));
                await delivery.CompleteAsync(stop);
            }
        });
        Assert.Equal(Enumerable.Range(0, Count), received.Select(int.Parse).Order());
    }

    /// <summary>A message of a run.</summary>
    protected static ChannelMessage Message(string document, int step = 1) =>
        new(Encoding.UTF8.GetBytes(document)) { Flow = "a flow: ä", RunId = "run-1", Step = step };

    /// <summary>The document of a delivery.</summary>
    protected static string Text(IDelivery delivery) => Encoding.UTF8.GetString(delivery.Message.Document);

    /// <summary>Asserts that a message arrived as it was sent.</summary>
    protected static void AssertSame(ChannelMessage sent, ChannelMessage received)
    {
        Assert.Equal(sent.Document, received.Document);
        Assert.Equal((sent.Flow, sent.RunId, sent.Step, sent.Reason), (received.Flow, received.RunId, received.Step, received.Reason));
    }

    /// <summary>Receives a message that is there.</summary>
    protected async Task<IDelivery> ReceiveAsync(TimeSpan lockTime)
    {
        var delivery = await Channel.ReceiveAsync(lockTime, Patience, Stop);
        Assert.NotNull(delivery);
        return delivery;
    }
}
