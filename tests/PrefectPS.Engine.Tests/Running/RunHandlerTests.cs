using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

public class RunHandlerTests
{
    private readonly List<string> _told = [];

    [Fact]
    public void A_failure_handler_is_called_once_when_the_run_has_failed()
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
    public void A_failure_handler_is_not_called_for_successful_or_waiting_runs()
    {
        Make().Task("a").RunAll();
        Make().Task("a", _ => throw RecordingHandler.Signal(StateType.Paused, "wait", endsRun: true)).RunAll();
        Make().Add(new("a", TestFlow.Body((context, _) => context.RunCount == 1 ? throw new InvalidOperationException("a") : null)) { Retry = new() { MaxRetries = 1 } }).RunAll();
        Assert.Empty(_told);
    }

    [Fact]
    public void A_failure_handler_is_called_again_if_a_repeated_run_fails_again()
    {
        var flow = Make().Task("a", _ => throw new InvalidOperationException("a"));
        var run = flow.RunAll();
        flow.RunAll(run.Set("a", StateType.Pending));
        Assert.Equal(2, _told.Count);
    }

    [Fact]
    public void A_subflow_calls_its_own_failure_handlers()
    {
        var inner = Make("inner").Task("i", _ => throw new InvalidOperationException("i"));
        var flow = Make().Add(new("a", null) { Subflow = inner.Flow });
        flow.RunAll();
        Assert.Equal(["inner, step 1: Failed", "flow, step 1: Failed"], _told);
    }

    [Fact]
    public void A_throwing_failure_handler_is_reported_and_others_are_still_called()
    {
        var flow = new TestFlow(options: new() { FailureHandlers = [new Handler(_ => throw new InvalidOperationException("no mail")), new Handler(run => _told.Add($"{run}"))] })
            .Task("a", _ => throw new InvalidOperationException("a"));
        var run = StepRunner.Run(flow.New(), new() { Notices = new RecordingNotices(_told) }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(StateType.Failed, run.StateType);
        Assert.Equal(["FlowHandlerFailed: The -OnFailure block of flow 'flow' failed: no mail. The run is not changed: Some reference tasks failed.", "flow, step 1: Failed"],
            _told);
    }

    private TestFlow Make(string name = "flow") => new(name, new() { FailureHandlers = [new Handler(run => _told.Add($"{run}"))] });

    private sealed class Handler(Action<FlowState> then) : IRunFailureHandler
    {
        public void HandleFailure(FlowState run) => then(run);
    }
}
