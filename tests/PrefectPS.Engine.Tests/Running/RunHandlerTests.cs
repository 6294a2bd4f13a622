using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

public class RunHandlerTests
{
    private readonly List<string> _told = [];

    [Fact]
    public void Is_told_once_when_the_run_has_ended_Failed_and_not_before()
    {
        var flow = Make().Task("a", _ => throw new InvalidOperationException("a")).Task("b", "a").Task("c");
        var run = flow.Step(flow.New(), maxTasks: 1, reset: true);
        Assert.Empty(_told);
        run = flow.Step(flow.Travel(run));
        Assert.Equal(["flow, step 2: Failed"], _told);
        flow.Step(flow.Travel(run));
        Assert.Single(_told);
    }

    [Fact]
    public void Is_not_told_of_what_ended_well_or_waits()
    {
        Make().Task("a").RunAll();
        Make().Task("a", _ => throw RecordingHandler.Signal(StateType.Paused, "wait", endsRun: true)).RunAll();
        Make().Add(new("a", TestFlow.Body((context, _) => context.RunCount == 1 ? throw new InvalidOperationException("a") : null)) { Retry = new() { MaxRetries = 1 } }).RunAll();
        Assert.Empty(_told);
    }

    [Fact]
    public void Is_told_again_when_a_run_that_was_repeated_fails_again()
    {
        var flow = Make().Task("a", _ => throw new InvalidOperationException("a"));
        var run = flow.RunAll();
        flow.RunAll(run.Set("a", StateType.Pending));
        Assert.Equal(2, _told.Count);
    }

    [Fact]
    public void A_flow_in_a_flow_tells_its_own()
    {
        var inner = Make("inner").Task("i", _ => throw new InvalidOperationException("i"));
        var flow = Make().Add(new("a", null) { Subflow = inner.Flow });
        flow.RunAll();
        Assert.Equal(["inner, step 1: Failed", "flow, step 1: Failed"], _told);
    }

    [Fact]
    public void One_that_throws_is_reported_and_changes_nothing_and_the_others_are_told()
    {
        var flow = new TestFlow(options: new() { FailureHandlers = [new Handler(_ => throw new InvalidOperationException("no mail")), new Handler(run => _told.Add($"{run}"))] })
            .Task("a", _ => throw new InvalidOperationException("a"));
        var run = StepRunner.Run(flow.New(), new() { Notices = new Notices(_told) }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(StateType.Failed, run.StateType);
        Assert.Equal(["FlowHandlerFailed: The -OnFailure block of flow 'flow' failed itself: no mail. The run is as it is: Some reference tasks failed.", "flow, step 1: Failed"],
            _told);
    }

    private TestFlow Make(string name = "flow") => new(name, new() { FailureHandlers = [new Handler(run => _told.Add($"{run}"))] });

    private sealed class Handler(Action<FlowState> then) : IRunFailureHandler
    {
        public void HandleFailure(FlowState run) => then(run);
    }
}
