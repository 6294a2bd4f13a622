using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

public class PipelineTests
{
    [Fact]
    public void A_task_that_throws_fails_with_the_exception()
    {
        var run = new TestFlow().Task("a", _ => throw new InvalidOperationException("boom")).RunAll();
        var task = run.Of("a");
        Assert.Equal((StateType.Failed, "Error during execution of task: boom"), (task.StateType, task.Message));
        Assert.Equal(typeof(InvalidOperationException).FullName, task.Error!.ExceptionType);
        Assert.Contains(nameof(A_task_that_throws_fails_with_the_exception), task.Error.Stack, StringComparison.Ordinal);
        Assert.Equal((StateType.Failed, "Some reference tasks failed."), (run.StateType, run.Message));
    }

    [Fact]
    public void Tasks_downstream_of_a_failed_task_are_TriggerFailed()
    {
        var flow = new TestFlow().Task("a", _ => throw new InvalidOperationException()).Task("b", "a").Task("c", "b").Task("other");
        var run = flow.RunAll();
        Assert.Equal([StateType.Failed, StateType.TriggerFailed, StateType.TriggerFailed, StateType.Success], run.Types());
        Assert.Equal("Trigger was \"all_successful\" but some of the upstream tasks failed.", run.Of("c").Message);
        Assert.Equal(["a", "other"], flow.Ran);
    }

    [Fact]
    public void The_terminal_tasks_decide_whether_a_run_failed()
    {
        var failedTerminal = new TestFlow().Task("a").Task("b", _ => throw new InvalidOperationException(), "a").Task("c", "a");
        Assert.Equal((StateType.Failed, "Some reference tasks failed."), (failedTerminal.RunAll().StateType, failedTerminal.RunAll().Message));
        var allWell = new TestFlow().Task("a").Task("b", "a");
        Assert.Equal((StateType.Success, "All reference tasks succeeded."), (allWell.RunAll().StateType, allWell.RunAll().Message));
    }

    [Theory]
    [InlineData(StateType.Failed)]
    [InlineData(StateType.Skipped)]
    [InlineData(StateType.Success)]
    public void A_signal_ends_the_task_in_its_state(StateType type)
    {
        var handler = new RecordingHandler();
        var flow = new TestFlow(options: new() { StateHandlers = [handler] }).Task("a", _ => throw RecordingHandler.Signal(type, "msg"));
        var task = flow.RunAll().Of("a");
        Assert.Equal((type, "msg"), (task.StateType, task.Message));
        Assert.Equal(["a: Pending->Running: Starting task run.", $"a: Running->{type}: msg"], handler.Changes);
    }

    [Fact]
    public void Tasks_downstream_of_a_skipped_task_are_skipped()
    {
        var flow = new TestFlow().Task("a", _ => throw RecordingHandler.Signal(StateType.Skipped, "msg")).Task("b", "a").Task("c", "b");
        var run = flow.RunAll();
        Assert.Equal([StateType.Skipped, StateType.Skipped, StateType.Skipped], run.Types());
        Assert.Equal(
            "Upstream task was skipped; if this was not the intended behavior, consider changing `skip_on_upstream_skip=False` for this task.",
            run.Of("b").Message);
        Assert.Equal((StateType.Success, "All reference tasks succeeded."), (run.StateType, run.Message));
    }

    [Fact]
    public void EndRun_ends_the_task_in_that_state_and_handlers_see_it()
    {
        var handler = new RecordingHandler();
        var flow = new TestFlow(options: new() { StateHandlers = [handler] })
            .Task("a", _ => throw RecordingHandler.Signal(StateType.Cancelled, "x", endsRun: true));
        Assert.Equal((StateType.Cancelled, "x"), (flow.RunAll().Of("a").StateType, flow.RunAll().Of("a").Message));
        Assert.Equal(["a: Pending->Running: Starting task run.", "a: Running->Cancelled: x"], handler.Changes.Take(2));
    }

    [Fact]
    public void Inputs_are_upstream_results_and_arguments_are_constants()
    {
        var flow = new TestFlow()
            .Task("a", _ => 41)
            .Add(new("b", TestFlow.Body(arguments => (int)arguments[0].Value! + (int)arguments[1].Value!))
            {
                InputFrom = [new("x", "a")],
                Arguments = [new("n", 1)],
            });
        Assert.Equal(42, flow.RunAll().Of("b").Result);
        Assert.Equal([0], flow.Flow.Plan.UpstreamOf(1).ToArray());
    }

    [Fact]
    public void A_parameter_cannot_have_both_an_input_and_an_argument()
    {
        var flow = new TestFlow().Task("a");
        var error = Assert.Throws<FlowException>(() =>
            flow.Add(new("b", TestFlow.Body(_ => null)) { InputFrom = [new("x", "a")], Arguments = [new("X", 1)] }));
        Assert.Equal(FlowErrorId.TaskInvalid, error.Id);
        Assert.Contains("'X'", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_body_knows_its_run_step_task_and_attempt()
    {
        FlowContext? seen = null;
        var flow = new TestFlow("my flow").Task("first").Add(new("second", TestFlow.Body((context, _) =>
        {
            seen = context;
            return null;
        })));
        flow.RunInSteps(maxTasks: 1);
        Assert.Equal(("my flow", "run-1", 2, "second", 1), (seen!.FlowName, seen.RunId, seen.Step, seen.TaskName, seen.RunCount));
        Assert.Null(seen.RemainingTime);
    }

    [Fact]
    public void A_finished_task_has_start_time_and_duration()
    {
        var flow = new TestFlow();
        flow.Task("a", _ =>
        {
            flow.Clock.Advance(TimeSpan.FromSeconds(1.5));
            return null;
        });
        var task = flow.Travel(flow.RunAll()).Of("a");
        Assert.Equal((TestFlow.Start, TestFlow.Start.AddSeconds(1.5), TimeSpan.FromSeconds(1.5)), (task.StartTime!.Value, task.EndTime!.Value, task.Duration!.Value));
    }

    [Theory]
    [InlineData(StateType.Success)]
    [InlineData(StateType.Failed)]
    [InlineData(StateType.TriggerFailed)]
    [InlineData(StateType.Skipped)]
    [InlineData(StateType.Cancelled)]
    [InlineData(StateType.Finished)]
    [InlineData(StateType.Cached)]
    public void A_task_that_is_already_finished_neither_runs_nor_calls_handlers(StateType type)
    {
        var handler = new RecordingHandler();
        var flow = new TestFlow(options: new() { StateHandlers = [handler] }).Task("a");
        var given = flow.New().Set("a", type, "given");
        Assert.Same(given, flow.Step(given));
        Assert.Empty(handler.Changes);
        Assert.Empty(flow.Ran);
    }

    [Theory]
    [InlineData(StateType.Pending)]
    [InlineData(StateType.Scheduled)]
    [InlineData(StateType.Retrying)]
    [InlineData(StateType.Resume)]
    [InlineData(StateType.Submitted)]
    [InlineData(StateType.Queued)]
    [InlineData(StateType.ClientFailed)]
    [InlineData(StateType.Running)]
    public void A_task_given_as_unfinished_runs(StateType type)
    {
        var flow = new TestFlow().Task("a");
        Assert.Equal(StateType.Success, flow.Step(flow.New().Set("a", type)).Of("a").StateType);
        Assert.Equal(["a"], flow.Ran);
    }

    [Fact]
    public void A_paused_task_and_its_downstream_tasks_wait()
    {
        var flow = new TestFlow().Task("a").Task("b", "a");
        var given = flow.New().Set("a", StateType.Paused);
        var run = flow.Step(given);
        Assert.Same(given, run);
        Assert.Equal((StateType.Paused, false), (run.StateType, run.HasPending));
    }

    [Fact]
    public void A_scheduled_task_waits_until_its_time()
    {
        var flow = new TestFlow().Task("a").Task("b", "a");
        var due = TestFlow.Start.AddMinutes(5);
        var given = flow.New().Change((task, state) => task.Name == "a" ? new(StateType.Scheduled) { DueTime = due } : state);
        Assert.Equal((StateType.Scheduled, true, due), (given.StateType, given.HasPending, given.NextStartTime!.Value));
        Assert.Same(given, flow.Step(given));

        flow.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(StateType.Success, flow.Step(given).StateType);
    }

    [Fact]
    public void Stopping_a_step_does_not_fail_the_running_task()
    {
        var flow = new TestFlow().Task("a", _ => throw new StepStoppedException());
        Assert.Throws<StepStoppedException>(() => flow.RunAll());
    }
}
