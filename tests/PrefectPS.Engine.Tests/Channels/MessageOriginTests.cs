using PrefectPS.Channels;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Channels;

/// <summary>A received run keeps its message until it is published; the message is not part of the run's identity.</summary>
public class MessageOriginTests
{
    private readonly TestFlow _flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore() }).Task("a").Task("b", "a").Task("c", "b");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_message_stays_through_steps_edits_and_a_step_without_work()
    {
        var given = await ReceiveAsync();
        var stepped = _flow.Step(given, maxTasks: 1);
        var edited = stepped.Change((_, state) => state.Reset("again"));
        var ended = _flow.RunAll(_flow.RunAll(edited));

        Assert.Equal(StateType.Success, ended.StateType);
        Assert.All([given, stepped, edited, ended], run => Assert.Same(given.Origin, run.Origin));
        Assert.All(ended.Tasks, task => Assert.Same(given.Origin, task.Origin));
    }

    [Fact]
    public async Task The_message_stays_where_the_record_is_ahead_of_it()
    {
        using var stop = new CancellationTokenSource();
        var flow = new TestFlow(options: new() { Store = _flow.Flow.Store }).Task("a").Task("b", _ =>
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        }, "a");
        var given = await ReceiveAsync(flow);
        Assert.ThrowsAny<OperationCanceledException>(() => flow.Recorded().Step(given, stop.Token));

        var ended = new TestFlow(options: new() { Store = _flow.Flow.Store })
            .Task("a", _ => throw new InvalidOperationException("It has run."))
            .Task("b", "a")
            .Recorded().Step(given);

        Assert.Equal(StateType.Success, ended.Run.StateType);
        Assert.Same(given.Origin, ended.Run.Origin);
    }

    [Fact]
    public async Task The_message_is_no_part_of_the_runs_identity()
    {
        var given = await ReceiveAsync();

        Assert.NotNull(MessageOrigin.Of(given));
        Assert.Null(MessageOrigin.Of(FlowState.New(given.Flow, given.Identity)));
    }

    private async Task<FlowState> ReceiveAsync(TestFlow? flow = null)
    {
        var of = (flow ?? _flow).Flow;
        var channel = new MemoryChannel("origin", TimeProvider.System);
        await MessagePublisher.SendAsync(channel, FlowState.New(of, runId: Guid.NewGuid().ToString("n")), always: false, Stop);
        var message = await MessageReceiver.ReceiveAsync(channel, new(), TimeSpan.Zero, TimeProvider.System, Stop);
        return MessageDecoder.Decode(of, message!, new(), Stop).Run;
    }
}
