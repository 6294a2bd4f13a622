using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Bodies on the step's own thread that are stopped there.</summary>
public class SessionThreadTests
{
    private readonly SessionThread _thread = new();

    [Fact]
    public void A_body_stopped_at_the_deadline_is_due_again_and_the_rest_is_settled()
    {
        var flow = Flow();
        _thread.Stops = () => flow.Clock.Advance(TimeSpan.FromMinutes(2));
        var run = Step(flow, new() { Time = TimeSpan.FromMinutes(1) });
        Assert.Equal([StateType.Success, StateType.Pending, StateType.Pending], run.Types());
        Assert.Equal((1, StateType.Pending), (run.Of("b").RunCount, run.StateType));
        Assert.Equal(2, _thread.Runs);
        Assert.Equal(["a"], flow.Ran);
    }

    [Fact]
    public void Stopping_a_body_from_outside_ends_the_step()
    {
        using var stop = new CancellationTokenSource();
        _thread.Stops = stop.Cancel;
        Assert.Throws<StepStoppedException>(() => Step(Flow(), new() { Time = TimeSpan.FromMinutes(1) }, stop.Token));
    }

    [Fact]
    public void A_step_without_deadline_or_control_runs_bodies_directly()
    {
        _thread.Stops = () => Assert.Fail("Nothing is to be stopped.");
        Assert.Equal(StateType.Success, Step(Flow(), new() { MaxTasks = 9 }).StateType);
        Assert.Equal(0, _thread.Runs);
    }

    private static TestFlow Flow() => new TestFlow().Task("a").Task("b", "a").Task("c", "b");

    private FlowState Step(TestFlow flow, StepBudget budget, CancellationToken? stop = null) => StepRunner.Run(
        flow.New(), new() { Budget = budget, ResetCancelled = true, Thread = _thread }, cancellationToken: stop ?? TestContext.Current.CancellationToken);

    // Stops the second body.
    private sealed class SessionThread : ISessionThread
    {
        public Action Stops { get; set; } = () => { };

        public int Runs { get; private set; }

        public void Run(Action part, CancellationToken stop)
        {
            if (++Runs == 1)
            {
                part();
                return;
            }

            Stops();
            Assert.True(stop.IsCancellationRequested);
            throw new StepStoppedException();
        }
    }
}
