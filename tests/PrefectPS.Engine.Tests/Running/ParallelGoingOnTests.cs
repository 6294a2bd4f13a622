using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Steps with bodies side by side that go on with what an earlier step left: half a map, a body that was stopped, a subflow.</summary>
public class ParallelGoingOnTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_depends_on_a_map_that_an_earlier_step_began_is_done_in_the_step_that_ends_it(bool waitsForAnother)
    {
        var flow = new TestFlow()
            .Task("gate")
            .Task("list", _ => new object[] { 1, 2, 3 })
            .Add(new("map", TestFlow.Body(arguments => (int)arguments[0].Value! * 10)) { Map = [new("x", "list")], After = ["gate"] })
            .Add(new("over", TestFlow.Body(arguments => (int)arguments[0].Value! + 1)) { Map = [new("x", "map")] })
            .Add(new("end", TestFlow.Body(arguments => arguments[0].Value)) { InputFrom = [new("x", "over")] });
        var run = flow.Travel(flow.Step(flow.New(), maxTasks: 4, reset: true));
        Assert.Equal([StateType.Success, StateType.Success, StateType.Pending], run.Of("map").Children.Select(child => child.State));
        if (waitsForAnother)
            run = run.Set("gate", StateType.Pending);

        var after = Step(run);

        Assert.Equal(StateType.Success, after.State);
        Assert.Equal([11, 21, 31], (object[])after.Of("end").Result!);
    }

    [Fact]
    public void A_body_that_is_stopped_at_the_very_end_of_its_timeout_has_timed_out()
    {
        var flow = new TestFlow();
        flow.Flow.Add(new("slow", TestFlow.Body(_ =>
        {
            flow.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return ThreadPoolBodies.WaitToBeStopped();
        }))
        { Timeout = TimeSpan.FromMilliseconds(100) });

        Assert.Equal(StateType.TimedOut, Step(flow.New()).Of("slow").State);
    }

    [Fact]
    public void A_body_in_a_subflow_that_is_stopped_at_the_deadline_is_due_again_as_the_same_attempt()
    {
        var attempts = 0;
        var inner = new TestFlow("inner", clock: null);
        var flow = new TestFlow(TimeProvider.System);
        inner.Flow.Add(new("slow", TestFlow.Body((context, _) => Interlocked.Increment(ref attempts) == 1 ? ThreadPoolBodies.WaitToBeStopped() : context.RunCount)));
        flow.Flow.Add(new("sub", null) { Subflow = inner.Flow });

        var run = flow.Travel(Step(flow.New(), TimeSpan.FromSeconds(0.1)));

        Assert.Equal((StateType.Pending, 1), (run.Of("sub").Subflow!.Of("slow").State, run.Of("sub").Subflow!.Of("slow").RunCount));
        Assert.Equal(1, Step(run).Of("sub").Subflow!.Of("slow").Result);
    }

    private static FlowState Step(FlowState run, TimeSpan? time = null) =>
        StepRunner.Run(
            run, new() { Budget = new() { Throttle = new(2), Time = time }, ResetCancelled = true, Pool = new ThreadPoolBodies() },
            cancellationToken: TestContext.Current.CancellationToken);
}
