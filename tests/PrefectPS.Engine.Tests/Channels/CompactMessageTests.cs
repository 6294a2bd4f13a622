using PrefectPS.Channels;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Channels;

public class CompactMessageTests
{
    [Fact]
    public async Task A_run_whose_document_is_too_large_for_its_channel_is_sent_in_compact_form()
    {
        var flow = Make(tasks: 200);
        var run = flow.Step(flow.New(), maxTasks: 100, reset: true);
        var channel = new SmallChannel(maxDocumentBytes: 4000);

        Assert.True(await MessagePublisher.SendAsync(channel, run, always: false, TestContext.Current.CancellationToken));

        var sent = Assert.Single(channel.Sent);
        Assert.True(CompactText.Is(sent.Document));
        var read = StateDocument.Read(flow.Flow, sent.Document, new()).Run;
        Assert.Equal((run.RunId, run.Step, 100), (read.RunId, read.Step, read.Tasks.Count(task => task.StateType == StateType.Success)));
    }

    [Fact]
    public async Task A_document_that_fits_is_sent_as_it_is()
    {
        var flow = Make(tasks: 3);
        var channel = new SmallChannel(maxDocumentBytes: 4000);

        await MessagePublisher.SendAsync(channel, flow.New(), always: false, TestContext.Current.CancellationToken);

        Assert.Equal((byte)'{', Assert.Single(channel.Sent).Document[0]);
    }

    [Fact]
    public void A_compact_document_identifies_its_run_and_step()
    {
        var flow = Make(tasks: 3);
        var run = flow.Step(flow.New(), maxTasks: 1, reset: true);

        var message = MessageIdentity.Identify(CompactWriter.Write(run, matchBySlug: true));

        Assert.Equal((flow.Flow.Name, run.RunId, 1), (message.Flow, message.RunId, message.Step));
    }

    [Fact]
    public void A_broken_compact_document_identifies_nothing() =>
        Assert.Null(MessageIdentity.Identify([.. "pfs1.!"u8]).RunId);

    private static TestFlow Make(int tasks)
    {
        var flow = new TestFlow();
        for (var i = 0; i < tasks; i++)
            flow.Task($"t{i}");
        return flow;
    }

    private sealed class SmallChannel(int maxDocumentBytes) : IFlowChannel
    {
        public List<ChannelMessage> Sent { get; } = [];

        public string Name => "small";

        public int MaxDocumentBytes => maxDocumentBytes;

        public IFlowChannel? DeadLetters => null;

        public ValueTask SendAsync(ChannelMessage message, CancellationToken cancellationToken)
        {
            Sent.Add(message);
            return default;
        }

        public ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken) => default;
    }
}
