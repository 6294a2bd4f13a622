using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Running;

public class StateHandlerTests
{
    [Fact]
    public void A_tasks_handlers_are_called_before_the_flows()
    {
        var order = new List<string>();
        var flow = new TestFlow(options: new() { StateHandlers = [Note("flow")] });
        flow.Add(new("a", TestFlow.Body(_ => null)) { StateHandlers = [Note("first"), Note("second")] });
        flow.RunAll();
        Assert.Equal(["first", "second", "flow", "first", "second", "flow"], order);

        RecordingHandler Note(string name) => new((_, _) =>
        {
            order.Add(name);
            return null;
        });
    }

    [Fact]
    public void A_handler_may_replace_the_new_state()
    {
        var run = RunWith((_, @new) => @new.StateType == StateType.Success ? @new.With(new(StateType.Failed, "replaced")) : null);
        Assert.Equal((StateType.Failed, "replaced"), (run.Of("a").StateType, run.Of("a").Message));
        Assert.Equal(StateType.TriggerFailed, run.Of("b").StateType);
    }

    [Fact]
    public void A_handler_that_replaces_Running_prevents_the_body()
    {
        var flow = MakeFlow((_, @new) => @new.IsRunning ? @new.With(new(StateType.Skipped, "not today")) : null);
        Assert.Equal([StateType.Skipped, StateType.Skipped], flow.RunAll().Types());
        Assert.Empty(flow.Ran);
    }

    [Fact]
    public void A_handler_that_sends_a_signal_gives_the_task_its_state()
    {
        var flow = MakeFlow((_, @new) => @new.IsRunning ? throw RecordingHandler.Signal(StateType.Skipped, "skip from handler") : null);
        var task = flow.RunAll().Of("a");
        Assert.Equal((StateType.Skipped, "skip from handler"), (task.StateType, task.Message));
        Assert.Empty(flow.Ran);
    }

    [Fact]
    public void A_handler_that_throws_makes_the_task_failed()
    {
        var task = RunWith((_, @new) => @new.IsFinished ? throw new InvalidOperationException("handler boom") : null).Of("a");
        Assert.Equal((StateType.Failed, "Unexpected error while calling state handlers: handler boom"), (task.StateType, task.Message));
        Assert.Equal(typeof(InvalidOperationException).FullName, task.Error!.ExceptionType);
    }

    [Fact]
    public void EndRun_from_a_handler_is_final_and_calls_no_more_handlers()
    {
        var handler = new RecordingHandler((_, @new) =>
            @new.IsRunning ? throw RecordingHandler.Signal(StateType.Cancelled, "enough", endsRun: true) : null);
        var flow = new TestFlow(options: new() { StateHandlers = [handler] }).Task("a");
        Assert.Equal(StateType.Cancelled, flow.RunAll().Of("a").StateType);
        Assert.Equal(["a: Pending->Running: Starting task run."], handler.Changes);
    }

    [Fact]
    public void Result_and_times_survive_a_handler_that_returns_the_same_state()
    {
        var flow = new TestFlow(options: new() { StateHandlers = [new RecordingHandler()] }).Task("a", _ => 5);
        Assert.Equal(5, flow.RunAll().Of("a").Result);
        Assert.NotNull(flow.RunAll().Of("a").Duration);
    }

    [Fact]
    public void Handlers_are_called_for_tasks_cancelled_by_the_budget_unless_reset_at_once()
    {
        var handler = new RecordingHandler();
        var flow = new TestFlow(options: new() { StateHandlers = [handler] }).Task("a").Task("b");
        flow.Step(flow.New(), maxTasks: 1);
        Assert.Equal("b: Pending->Cancelled: Flow run is cancelled", handler.Changes[^1]);

        handler.Changes.Clear();
        flow.Step(flow.New(), maxTasks: 1, reset: true);
        Assert.DoesNotContain(handler.Changes, c => c.StartsWith("b:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_handlers_replacement_of_Cancelled_must_be_serializable()
    {
        var itself = new List<object>();
        itself.Add(itself);
        var flow = MakeFlow((_, @new) => @new.StateType == StateType.Cancelled ? @new.With(new State(StateType.Success) { Result = TaskResult.Of(itself) }) : null);

        var task = flow.Travel(flow.Step(flow.New(), maxTasks: 0)).Of("a");

        Assert.Equal((StateType.Failed, FlowErrorId.ResultInvalid), (task.StateType, task.Error!.Id));
    }

    [Fact]
    public void A_handlers_replacement_of_Cancelled_is_recorded()
    {
        var store = RecordedFlowExtensions.NewStore();
        var flow = SkippedByBudget(store);
        flow.Recorded(maxTasks: 1, reset: false).Step(flow.New());

        Assert.Equal([StateType.Success, StateType.Skipped, StateType.Cancelled], RecordedRuns.Read(SkippedByBudget(store).Flow, "run-1")!.Types());
        Assert.Equal(
            [("a", StateType.Running), ("a", StateType.Success), ("b", StateType.Skipped)],
            RunHistory.Find(store, "flow", "run-1")!.Changes.Select(change => (change.Task, change.ToType)));

        static TestFlow SkippedByBudget(IFlowStore store)
        {
            var skip = new RecordingHandler((_, @new) => @new.StateType == StateType.Cancelled ? @new.With(new(StateType.Skipped, "not today")) : null);
            var flow = new TestFlow(options: new() { Store = store }).Task("a");
            flow.Add(new("b", TestFlow.Body(_ => null)) { StateHandlers = [skip] });
            return flow.Task("c");
        }
    }

    [Fact]
    public void A_mapped_task_keeps_its_children_if_a_handler_replaces_Mapped()
    {
        var flow = new TestFlow().Task("list", _ => new object[] { 1, 2 });
        flow.Add(new("m", TestFlow.Body(_ => null))
        {
            Map = [new("x", "list")],
            StateHandlers = [new RecordingHandler((_, @new) => @new.StateType == StateType.Mapped ? @new.With(new(StateType.Mapped, "in two")) : null)],
        });
        var task = flow.RunAll().Of("m");
        Assert.Equal((StateType.Mapped, "in two", 2), (task.StateType, task.Message, task.Children.Count));
        Assert.Equal(["list", "m", "m"], flow.Ran);
    }

    private static FlowState RunWith(Func<FlowTaskState, FlowTaskState, FlowTaskState?> handle) => MakeFlow(handle).RunAll();

    private static TestFlow MakeFlow(Func<FlowTaskState, FlowTaskState, FlowTaskState?> handle)
    {
        var flow = new TestFlow();
        flow.Add(new("a", TestFlow.Body(_ => null)) { StateHandlers = [new RecordingHandler(handle)] });
        return flow.Task("b", "a");
    }
}
