using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>A run that has taken too long, over all its steps, ends: Failed, and what is left TimedOut.</summary>
public class RunTimeoutTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Unfinished_tasks_are_TimedOut_and_the_run_fails()
    {
        List<string> told = [];
        var flow = Chain(handlers: told);
        var run = flow.Travel(flow.Step(flow.New(), maxTasks: 1, reset: true));
        flow.Clock.Advance(Hour - TimeSpan.FromSeconds(1));
        run = flow.Travel(flow.Step(run, maxTasks: 1, reset: true));
        flow.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((StateType.Pending, true), (flow.Travel(run).StateType, run.HasPending));
        run = flow.Travel(flow.Step(flow.Travel(run)));
        Assert.Equal((StateType.Failed, "The run has taken longer than its -RunTimeout of 01:00:00.", false), (run.StateType, run.Message, run.HasPending));
        Assert.Equal([StateType.Success, StateType.Success, StateType.TimedOut, StateType.TimedOut], run.Types());
        Assert.Equal(FlowErrorId.RunTimedOut, run.Of("c").Error!.Id);
        Assert.Equal(["a", "b"], flow.Ran);
        Assert.Equal(["c: TimedOut", "d: TimedOut"], told.Where(each => each.Contains("TimedOut", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Running_bodies_are_stopped_at_the_run_timeout(int throttle)
    {
        var flow = new TestFlow(TimeProvider.System, new() { RunTimeout = TimeSpan.FromMilliseconds(300) })
            .Add(new("slow", TestFlow.Body((context, _) =>
            {
                context.CancellationToken.WaitHandle.WaitOne(TimeSpan.FromSeconds(60));
                context.CancellationToken.ThrowIfCancellationRequested();
                return null;
            })))
            .Task("after", "slow");
        var run = RunToEnd(flow.New(), throttle);
        Assert.Equal((StateType.Failed, StateType.TimedOut, StateType.TimedOut), (run.StateType, run.Of("slow").StateType, run.Of("after").StateType));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void No_step_waits_beyond_the_run_timeout(int throttle)
    {
        var flow = new TestFlow(options: new() { RunTimeout = Hour });
        flow.Add(new("fails", TestFlow.Body(_ => throw new InvalidOperationException("no"))) { Retry = new() { MaxRetries = 9, Delays = [TimeSpan.FromHours(5)] } });
        flow.Add(new("waits", TestFlow.Body(_ => 1)) { Event = new("go") { Timeout = TimeSpan.FromDays(9) } });
        var run = flow.Travel(flow.Step(flow.New()));
        Assert.Equal((StateType.Scheduled, TestFlow.Start + Hour), (run.StateType, run.NextStartTime));
        run = RunToEnd(run, throttle);
        Assert.Equal(StateType.Failed, run.StateType);
        Assert.Equal([StateType.TimedOut, StateType.TimedOut], run.Types());
        Assert.Equal(TestFlow.Start + Hour, flow.Clock.GetUtcNow());
    }

    [Fact]
    public void A_timed_out_run_fails_even_if_its_reference_tasks_succeeded()
    {
        var inner = new TestFlow("inner").Task("x").Add(new("y", TestFlow.Body(_ => 1)) { Event = new("go") });
        var flow = new TestFlow(options: new() { RunTimeout = Hour, ReferenceTasks = ["list"] }).Task("list", _ => new object[] { 1, 2 });
        flow.Add(new("m", TestFlow.Body(_ => 1)) { Map = [new("n", "list")], Event = new("go-{map_index}") });
        flow.Flow.Add(new("s", null) { Subflow = inner.Flow });
        var run = flow.Step(flow.New().Given("go-1"));
        flow.Clock.Advance(Hour);
        run = flow.Travel(flow.Step(flow.Travel(run)));
        Assert.Equal((StateType.Failed, true), (run.StateType, run.Message.Contains("-RunTimeout", StringComparison.Ordinal)));
        Assert.Equal([StateType.TimedOut, StateType.Success], run.States[1].Children!.Select(child => child.Type));
        Assert.Equal(StateType.TimedOut, run.Of("s").StateType);
    }

    [Fact]
    public void A_long_task_starts_despite_the_run_timeout()
    {
        var flow = new TestFlow(options: new() { RunTimeout = Hour }).Add(new("long", TestFlow.Body(_ => 1)) { ExpectedDuration = TimeSpan.FromHours(3) });
        Assert.Equal(StateType.Success, flow.Step(flow.New()).StateType);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Editing_a_timed_out_run_restarts_its_timeout(bool isOnRecord)
    {
        var store = isOnRecord ? RecordedFlowExtensions.NewStore() : null;
        var flow = Chain(store: store);
        var run = isOnRecord ? flow.Recorded(maxTasks: 1).Step("run") : flow.Step(flow.New(), maxTasks: 1, reset: true);
        flow.Clock.Advance(2 * Hour);
        run = isOnRecord ? flow.Recorded().Step("run") : flow.Step(run);
        Assert.Equal(StateType.Failed, run.StateType);
        var edit = new TaskEdit(StateType.Pending) { From = [StateType.TimedOut] };
        run = isOnRecord ? flow.AskAt(RequestKind.Edit, edit, flow.Clock.GetUtcNow()) : flow.Travel(edit.ToStateEdit().Of(run));
        Assert.Equal((StateType.Pending, true), (run.StateType, run.HasPending));
        run = isOnRecord ? flow.Recorded(maxTasks: 1).Step("run") : flow.Step(run, maxTasks: 1, reset: true);
        Assert.Equal([StateType.Success, StateType.Success, StateType.Pending, StateType.Pending], run.Types());
        flow.Clock.Advance(Hour);
        Assert.Equal(StateType.Failed, (isOnRecord ? flow.Recorded().Step("run") : flow.Step(flow.Travel(run))).StateType);
    }

    [Fact]
    public void A_subflow_has_no_run_timeout_of_its_own()
    {
        var outer = new TestFlow("outer");
        Assert.Contains("-RunTimeout", Assert.Throws<FlowException>(() => outer.Flow.Add(new("s", null) { Subflow = Chain().Flow })).Message, StringComparison.Ordinal);
    }

    private static FlowState RunToEnd(FlowState run, int throttle) => StepRunner.Run(
        run,
        new() { Budget = new() { Wait = true, Throttle = throttle > 0 ? new(throttle) : null }, Pool = throttle > 0 ? new ThreadPoolBodies() : null },
        cancellationToken: TestContext.Current.CancellationToken);

    private static TestFlow Chain(List<string>? handlers = null, PrefectPS.Storage.IFlowStore? store = null) =>
        new TestFlow(options: new()
        {
            RunTimeout = Hour,
            Store = store,
            StateHandlers = handlers is null ? [] : [new RecordingHandler((_, now) =>
            {
                handlers.Add($"{now.Slug}: {now.State}");
                return null;
            })],
        }).Task("a").Task("b", "a").Task("c", "b").Task("d", "c");
}
