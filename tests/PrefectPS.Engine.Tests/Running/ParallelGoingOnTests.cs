using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Steps with bodies side by side that go on with what an earlier step left: half a map, a body that was stopped, a subflow.</summary>
public class ParallelGoingOnTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tasks_downstream_of_a_map_run_in_the_step_that_ends_the_map(bool waitsForAnother)
    {
        var flow = new TestFlow()
            .Task("gate")
            .Task("list", _ => new object[] { 1, 2, 3 })
            .Add(new("map", TestFlow.Body(arguments => (int)arguments[0].Value! * 10)) { Map = [new("x", "list")], After = ["gate"] })
            .Add(new("over", TestFlow.Body(arguments => (int)arguments[0].Value! + 1)) { Map = [new("x", "map")] })
            .Add(new("end", TestFlow.Body(arguments => arguments[0].Value)) { InputFrom = [new("x", "over")] });
        var run = flow.Travel(flow.Step(flow.New(), maxTasks: 4, reset: true));
        Assert.Equal([StateType.Success, StateType.Success, StateType.Pending], run.Of("map").Children.Select(child => child.StateType));
        if (waitsForAnother)
            run = run.Set("gate", StateType.Pending);

        var after = Step(run);

        Assert.Equal(StateType.Success, after.StateType);
        Assert.Equal([11, 21, 31], (object[])after.Of("end").Result!);
    }

    [Fact]
    public void A_body_stopped_exactly_at_its_timeout_has_timed_out()
    {
        var flow = new TestFlow();
        flow.Flow.Add(new("slow", TestFlow.Body(_ =>
        {
            flow.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return ThreadPoolBodies.WaitToBeStopped();
        }))
        { Timeout = TimeSpan.FromMilliseconds(100) });

        Assert.Equal(StateType.TimedOut, Step(flow.New()).Of("slow").StateType);
    }

    [Fact]
    public void A_subflow_body_stopped_at_the_deadline_is_due_again_as_the_same_attempt()
    {
        var attempts = 0;
        var inner = new TestFlow("inner");
        var flow = new TestFlow();
        inner.Flow.Add(new("slow", TestFlow.Body((context, _) =>
        {
            if (Interlocked.Increment(ref attempts) > 1)
                return context.RunCount;
            flow.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return ThreadPoolBodies.WaitToBeStopped();
        })));
        flow.Flow.Add(new("sub", null) { Subflow = inner.Flow });

        var run = flow.Travel(Step(flow.New(), TimeSpan.FromMilliseconds(100)));

        Assert.Equal((StateType.Pending, 1), (run.Of("sub").Subflow!.Of("slow").StateType, run.Of("sub").Subflow!.Of("slow").RunCount));
        Assert.Equal(1, Step(run).Of("sub").Subflow!.Of("slow").Result);
    }

    [Fact]
    public void A_body_ended_by_stopping_the_step_runs_again_as_the_same_attempt()
    {
        var store = RecordedFlowExtensions.NewStore();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Take(new BodiesThatEndAsTheyAreStopped(stop)));
        Assert.Equal((StateType.Pending, 1), RecordedRuns.Read(Make().Flow, "run")!.Of("slow") is var task ? (task.StateType, task.RunCount) : default);

        Assert.Equal(1, Take(new ThreadPoolBodies()).Of("slow").Result);

        FlowState Take(IBodyPool pool) => StepTaker.Take(
            new(new RunById(Make().Flow, "run", RunParameters.None)) { Budget = new() { Throttle = new(2) }, Pool = pool },
            pool is ThreadPoolBodies ? TestContext.Current.CancellationToken : stop.Token).Run;

        TestFlow Make() => new TestFlow(options: new() { Store = store }).Add(new("slow", TestFlow.Body((context, _) => context.RunCount)));
    }

    private static FlowState Step(FlowState run, TimeSpan? time = null) =>
        StepRunner.Run(
            run, new() { Budget = new() { Throttle = new(2), Time = time }, ResetCancelled = true, Pool = new ThreadPoolBodies() },
            cancellationToken: TestContext.Current.CancellationToken);

    // The step is stopped as the first of them begins.
    private sealed class BodiesThatEndAsTheyAreStopped(CancellationTokenSource stop) : IBodyPool
    {
        public IBodyPlaces? Places => null;

        public IBodyRun Start(FlowTask task, FlowContext context, TaskArguments arguments, Action<Action> post, Action ended)
        {
            stop.Cancel();
            return new Run(ended);
        }

        private sealed class Run(Action ended) : IBodyRun
        {
            public bool WasStopped { get; private set; }

            public DateTimeOffset? Begun => null;

            public WorkerLoss? Loss => null;

            public void Stop()
            {
                WasStopped = true;
                ended();
            }

            public object? GetResult() => throw new InvalidOperationException("It was stopped.");

            public void Dispose()
            {
            }
        }
    }
}
