using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Wherever a task is in a flow: one that ended itself Cancelled is over, one that a budget kept from running is not.</summary>
public class CancelledPlaceTests
{
    private static readonly StateType[] HandlerBudgets = [StateType.Running, StateType.Looped];

    public static MatrixTheoryData<Place, DocumentForm> Forms { get; } = new(Enum.GetValues<Place>(), Enum.GetValues<DocumentForm>());

    public static MatrixTheoryData<Place, DocumentForm, StateType> Budgets { get; } = new(Enum.GetValues<Place>(), Enum.GetValues<DocumentForm>(), HandlerBudgets);

    public static MatrixTheoryData<Place, StateType> BudgetsOnRecord { get; } = new(Enum.GetValues<Place>(), HandlerBudgets);

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_task_that_ended_itself_Cancelled_stays_so_unless_named(Place place, DocumentForm form)
    {
        var placed = Cancelling(place);
        var run = placed.RunInSteps(form, maxTasks: 1);

        Assert.Equal((StateType.Cancelled, true, placed.Count), (run.StateType, run.IsOver, placed.Runs));
        var again = form.Travel(placed.Flow, placed.Flow.Step(run, maxTasks: 10, reset: true));
        Assert.Equal((StateType.Cancelled, false, placed.Count), (again.StateType, again.HasPending, placed.Runs));
        Assert.All(PlacedTask.Of(again), leaf => Assert.False(StateEdit.IsFrom(leaf.Inner, [StateType.Cancelled], isNamed: false)));

        placed.Flow.RunAll(PlacedTask.Edit(again, StateType.Pending, StateType.Cancelled));
        Assert.Equal(2 * placed.Count, placed.Runs);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_task_that_ended_itself_Cancelled_stays_so_on_record(Place place, DocumentForm form)
    {
        var placed = Cancelling(place, new() { Store = RecordedFlowExtensions.NewStore() });
        var run = placed.Flow.Recorded(maxTasks: 1).Step("run");
        for (var step = 0; !run.IsOver; step++)
        {
            Assert.True(step < 20, "The run does not end.");
            run = placed.Flow.Recorded(maxTasks: 1).Step("run");
        }

        Assert.Equal((StateType.Cancelled, placed.Count), (run.StateType, placed.Runs));
        Assert.Equal((StateType.Cancelled, placed.Count), (placed.Flow.Recorded().Step("run").StateType, placed.Runs));
        Assert.Null(OpenRun.Find(placed.Flow.Flow));
        Assert.True(form.Travel(placed.Flow, RecordedRuns.Read(placed.Flow.Flow, "run")!).IsOver);
    }

    [Theory]
    [InlineData("""{"type":"Cancelled","message":"Flow run is cancelled"}""")]
    [InlineData("""{"type":"Cancelled","message":null,"_result":{"type":"NoResultType"},"context":{"tags":[]}}""")]
    public void In_a_foreign_array_each_Cancelled_counts_as_the_budgets(string state)
    {
        var flow = new TestFlow()
            .Task("list", _ => new object[] { 1, 2 })
            .Task("a", _ => 1)
            .Add(new("map", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("x", "list")] })
            .Add(new("sub", null) { Subflow = new TestFlow("inner").Task("b").Flow });
        var states = flow.Flow.Freeze().Tasks.ToArray().Select(task => $$"""{"task":{"slug":"{{task.Slug}}"},"state":{{state}}}""");
        var run = FlowStateReader.Read(flow.Flow, System.Text.Encoding.UTF8.GetBytes($"[{string.Join(',', states)}]")).Run;

        Assert.False(run.IsOver);
        Assert.Equal(StateType.Success, flow.Step(run, maxTasks: 10, reset: true).StateType);
    }

    [Theory]
    [MemberData(nameof(Budgets))]
    public void A_loop_ends_even_if_a_handler_cancels_like_a_budget(Place place, DocumentForm form, StateType cancelsAt)
    {
        var (placed, allow) = Looping(place, cancelsAt, options: null);
        var run = placed.Flow.New();
        for (var step = 0; run.StateType != StateType.Success; step++)
        {
            Assert.True(step < 40, "The loop does not end.");
            allow();
            run = form.Travel(placed.Flow, placed.Flow.Step(run, maxTasks: 10, reset: true));
        }

        AssertLooped(placed, run);
    }

    [Theory]
    [MemberData(nameof(Budgets))]
    public void A_run_is_not_over_until_tasks_cancelled_by_a_handler_are_reset(Place place, DocumentForm form, StateType cancelsAt)
    {
        var (placed, allow) = Looping(place, cancelsAt, options: null);
        allow();
        var run = form.Travel(placed.Flow, placed.Flow.Step(placed.Flow.New(), maxTasks: 10));

        Assert.Equal((StateType.Cancelled, false), (run.StateType, run.IsOver));
        Assert.NotNull(ForgottenReset.Of(run));
        Assert.Null(ForgottenReset.Of(form.Travel(placed.Flow, run.ResetCancelled())));
    }

    [Theory]
    [MemberData(nameof(BudgetsOnRecord))]
    public void A_loop_with_a_budgeting_handler_ends_on_record(Place place, StateType cancelsAt)
    {
        var (placed, allow) = Looping(place, cancelsAt, new() { Store = RecordedFlowExtensions.NewStore() });
        allow();
        var run = placed.Flow.Recorded(maxTasks: 10).Step("run");
        for (var step = 0; run.StateType != StateType.Success; step++)
        {
            Assert.True(step < 40, "The loop does not end.");
            allow();
            run = placed.Flow.Recorded(maxTasks: 10).Resume();
            Assert.Equal("run", run.RunId);
        }

        AssertLooped(placed, run);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Unfinished_work_cancelled_by_a_person_continues_where_it_was(Place place, DocumentForm form)
    {
        var (placed, allow) = Looping(place, StateType.Running, options: null);
        var run = placed.Flow.New();
        for (var step = 0; run.StateType != StateType.Success; step++)
        {
            Assert.True(step < 60, "The loop does not end.");
            allow();
            run = form.Travel(placed.Flow, placed.Flow.Step(run, maxTasks: 1, reset: true));
            run = form.Travel(placed.Flow, Cancel(run));
        }

        AssertLooped(placed, run);

        static FlowState Cancel(FlowState run) => new TaskEdit(StateType.Cancelled) { From = [StateType.Pending] }.ToStateEdit().Of(run);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_subflow_with_a_failed_reference_task_is_Failed_though_another_ended_itself_Cancelled(int maxTasks)
    {
        var failures = new List<string>();
        var inner = new TestFlow("inner", new() { FailureHandlers = [new Listener(run => failures.Add(run.Flow.Name))] })
            .Add(new("own", TestFlow.Body(_ => throw RecordingHandler.Signal(StateType.Cancelled, "enough", endsRun: true))))
            .Task("bad", _ => throw new InvalidOperationException("bad"))
            .Task("last");
        var flow = new TestFlow(options: new() { FailureHandlers = [new Listener(run => failures.Add(run.Flow.Name))] })
            .Add(new("s", null) { Subflow = inner.Flow });

        var run = flow.RunInSteps(maxTasks)[^1];

        Assert.Equal((StateType.Failed, StateType.Failed), (run.StateType, run.Of("s").StateType));
        Assert.Equal(["inner", "flow"], failures);
        Assert.Equal(["own", "bad", "last"], inner.Ran);
    }

    private static PlacedTask Cancelling(Place place, FlowOptions? options = null) =>
        new(place, (_, _) => throw RecordingHandler.Signal(StateType.Cancelled, "enough", endsRun: true), options: options);

    // The handler lets one body start, or one pass end, whenever it is allowed one more.
    private static (PlacedTask Placed, Action Allow) Looping(Place place, StateType cancelsAt, FlowOptions? options)
    {
        var left = 0;
        var handler = new RecordingHandler((_, now) => now.StateType == cancelsAt && left-- <= 0
            ? throw RecordingHandler.Signal(StateType.Cancelled, "budget", endsRun: true)
            : null);
        var placed = new PlacedTask(
            place,
            (context, _) => context.LoopCount < 4
                ? throw new FlowSignalException(new(StateType.Looped) { Result = TaskResult.Of($"{context.LoopResult}{context.LoopCount}") }, endsRun: false)
                : $"{context.LoopResult}{context.LoopCount}",
            task => task with { StateHandlers = [handler] },
            options);
        return (placed, () => left = 1);
    }

    private static void AssertLooped(PlacedTask placed, FlowState run)
    {
        Assert.Equal(placed.Count, PlacedTask.Of(run).Count);
        Assert.All(PlacedTask.Of(run), leaf => Assert.Equal("1234", leaf.Result));
        Assert.Equal(4 * placed.Count, placed.Runs);
    }

    private sealed class Listener(Action<FlowState> failed) : IRunFailureHandler
    {
        public void HandleFailure(FlowState run) => failed(run);
    }
}
