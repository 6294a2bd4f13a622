using PrefectPS.Channels;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Channels;

/// <summary>A fault at any single call of the channel does not change the run's result, and no body runs twice.</summary>
public class FaultyChannelTests
{
    private const int Tasks = 4;

    private static readonly TimeSpan LockTime = TimeSpan.FromMinutes(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ChannelFault.Refused)]
    [InlineData(ChannelFault.AnswerLost)]
    [InlineData(ChannelFault.Twice)]
    [InlineData(ChannelFault.KilledBefore)]
    [InlineData(ChannelFault.KilledAfter)]
    public async Task With_a_fault_at_any_call_each_body_runs_once(ChannelFault fault)
    {
        var calls = await RunAsync(at: 0, fault);
        for (var at = 1; at <= calls; at++)
            await RunAsync(at, fault);
    }

    [Fact]
    public async Task A_late_or_duplicate_message_does_not_cause_endless_messages()
    {
        var (clock, flow) = NewFlow();
        var channel = new MemoryChannel("twice", clock.Clock);
        var start = flow.New();
        for (var i = 0; i < 5; i++)
            await MessagePublisher.SendAsync(channel, start, always: false, Stop);
        var deliveries = 0;
        while (await StepAsync(channel, flow))
            Assert.InRange(++deliveries, 1, 5 + Tasks);
        Assert.Equal(["a", "b", "c", "d"], flow.Ran);
    }

    [Fact]
    public async Task Any_number_of_late_redeliveries_resends_the_next_message_once()
    {
        var (clock, flow) = NewFlow();
        var channel = new MemoryChannel("again", clock.Clock);
        var start = flow.New();
        for (var i = 0; i < 5; i++)
            await MessagePublisher.SendAsync(channel, start, always: false, Stop);
        for (var i = 0; i < 5; i++)
            await channel.ReceiveAsync(LockTime, TimeSpan.Zero, Stop); // five processes die
        clock.Clock.Advance(LockTime);
        for (var i = 0; i < 5; i++)
            Assert.True(await StepAsync(channel, flow));
        Assert.Equal(["a"], flow.Ran);
        Assert.NotNull(await channel.ReceiveAsync(LockTime, TimeSpan.Zero, Stop));
        Assert.NotNull(await channel.ReceiveAsync(LockTime, TimeSpan.Zero, Stop));
        Assert.Null(await channel.ReceiveAsync(LockTime, TimeSpan.Zero, Stop));
    }

    // How many calls there were.
    private static async Task<int> RunAsync(int at, ChannelFault fault)
    {
        var (clock, flow) = NewFlow();
        var inner = new MemoryChannel("faulty", clock.Clock);
        var channel = new FaultyChannel(inner, at, fault);
        await MessagePublisher.SendAsync(inner, flow.New(), always: false, Stop);
        for (var idle = 0; idle < 3;)
        {
            if (await StepAsync(channel, flow))
                idle = 0;
            else if (++idle < 3)
                clock.Clock.Advance(LockTime + LockTime); // what was put back comes again, and so does what was lost
        }

        Assert.True(flow.Ran.SequenceEqual(["a", "b", "c", "d"]), $"{fault} at call {at}: ran {string.Join(", ", flow.Ran)}");
        Assert.Equal(StateType.Success, RecordedRuns.Read(flow.Flow, "run-1")!.StateType);
        Assert.Null(await inner.ReceiveAsync(LockTime, TimeSpan.Zero, Stop));
        Assert.Null(await inner.DeadLetters.ReceiveAsync(LockTime, TimeSpan.Zero, Stop));
        return channel.Calls;
    }

    private static (TestFlow Clock, TestFlow Flow) NewFlow()
    {
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore() });
        return (flow, flow.Task("a").Task("b", "a").Task("c", "b").Task("d", "c"));
    }

    // One execution, as a process has it: false where there was no message.
    private static async Task<bool> StepAsync(IFlowChannel channel, TestFlow flow)
    {
        FlowMessage? message = null;
        try
        {
            message = await MessageReceiver.ReceiveAsync(channel, new() { LockTime = LockTime }, TimeSpan.Zero, flow.Clock, Stop);
            if (message is null)
                return false;
            var outcome = StepTaker.Take(new(new RunOfMessage(flow.Flow, message, RunParameters.None)) { Budget = new() { MaxTasks = 1 } }, Stop);
            await MessagePublisher.SendAsync(channel, outcome.Run, always: false, Stop);
        }
        catch (ProcessKilledException)
        {
        }
        catch (FlowException e)
        {
            try
            {
                message?.Fail(e, mayPass: true);
            }
            catch (ProcessKilledException)
            {
            }
        }

        return true;
    }
}
