using PrefectPS.Channels;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS.Engine.Tests.Channels;

/// <summary>When a late message causes the run's current message to be resent.</summary>
public class ResentMessageTests
{
    private static readonly TimeSpan LockTime = TimeSpan.FromMinutes(1);

    private readonly TestFlow _flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore() }).Task("a").Task("b", "a").Task("c", "b");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1, false)] // its first delivery: whoever took the step is still there to send the next
    [InlineData(1, 2, true)]
    [InlineData(1, 3, true)]
    [InlineData(2, 2, false)] // the step after it was sent on, or the run would not be two steps further
    [InlineData(2, 1, false)]
    public async Task Only_a_redelivery_of_the_previous_steps_message_resends_the_next(int stepsAhead, int deliveries, bool isSent)
    {
        var late = await ReceiveAsync(deliveries);
        Advance(stepsAhead);

        var outcome = Take(late);

        Assert.True(outcome.IsLate);
        Assert.Equal(isSent, await MessagePublisher.SendAsync(NewChannel(), outcome.Run, always: false, Stop));
        Assert.True(late.IsSettled);
    }

    [Fact]
    public async Task The_current_message_is_resent_once_for_any_number_of_late_messages()
    {
        var (first, second) = (await ReceiveAsync(deliveries: 2), await ReceiveAsync(deliveries: 2));
        Advance(steps: 1);

        Assert.True(await MessagePublisher.SendAsync(NewChannel(), Take(first).Run, always: false, Stop));
        Assert.False(await MessagePublisher.SendAsync(NewChannel(), Take(second).Run, always: false, Stop));
    }

    // The message for the run's first step, with a delivery count.
    private async Task<FlowMessage> ReceiveAsync(int deliveries)
    {
        var channel = NewChannel();
        await MessagePublisher.SendAsync(channel, FlowState.New(_flow.Flow, runId: "run"), always: false, Stop);
        for (var delivery = 1; delivery < deliveries; delivery++)
        {
            await channel.ReceiveAsync(LockTime, TimeSpan.Zero, Stop);
            _flow.Clock.Advance(LockTime);
        }

        var message = await MessageReceiver.ReceiveAsync(channel, new() { LockTime = LockTime }, TimeSpan.Zero, _flow.Clock, Stop);
        Assert.Equal(deliveries, message!.DeliveryCount);
        return message;
    }

    private void Advance(int steps)
    {
        for (var step = 0; step < steps; step++)
            _flow.Recorded(maxTasks: 1).Step("run");
    }

    private StepOutcome Take(FlowMessage message) =>
        StepTaker.Take(new(new RunOfMessage(_flow.Flow, message, RunParameters.None)) { Budget = new() { MaxTasks = 1 } }, Stop);

    private MemoryChannel NewChannel() => new("resent", _flow.Clock);
}
