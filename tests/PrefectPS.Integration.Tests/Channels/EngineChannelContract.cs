using PrefectPS.Channels;
using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS.Integration.Tests.Channels;

/// <summary>The contract of a channel, and what the engine builds on it: messages that arrive damaged.</summary>
public abstract class EngineChannelContract : ChannelContract
{
    /// <summary>Sends a message of whose document only the beginning arrives.</summary>
    private protected virtual async ValueTask SendCutAsync(ChannelMessage message, int length) =>
        await Channel.SendAsync(message with { Document = message.Document[..length] }, Stop);

    [Fact]
    public async Task A_message_that_was_cut_off_is_set_aside_with_the_reason_and_begins_no_run()
    {
        var flow = new Flow("cut", new(), new());
        var document = """{"version":1,"flow":{"name":"cut"},"run":{"id":"r","step":0},"tasks":[]}"""u8.ToArray();
        var whole = new ChannelMessage(document) { Flow = "cut", RunId = "r", Step = 0 };
        for (var length = 0; length < whole.Document.Length; length++)
        {
            await SendCutAsync(whole, length);
            var message = new FlowMessage(Channel, await ReceiveAsync(LongLock), new());
            var error = Assert.Throws<FlowException>(() => StepTaker.Take(new(new RunOfMessage(flow, message, RunParameters.None)), Stop));
            Assert.Equal(FlowErrorId.StateInvalid, error.Id);
            message.Fail(error, mayPass: false);
            Assert.True(message.IsSettled);
            var dead = await Channel.DeadLetters!.ReceiveAsync(LongLock, Patience, Stop);
            Assert.Equal(whole.Document[..length], dead!.Message.Document);
            Assert.StartsWith(dead.Message.Reason!, error.Message, StringComparison.Ordinal); // Pub/Sub cuts long ones
            await dead.CompleteAsync(Stop);
        }

        Assert.Null(await Channel.ReceiveAsync(LongLock, TimeSpan.Zero, Stop));
    }
}
