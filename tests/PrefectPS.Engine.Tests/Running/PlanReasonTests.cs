using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Actions and reasons in plans.</summary>
public class PlanReasonTests
{
    private readonly TestFlow _flow = new(options: new() { Store = RecordedFlowExtensions.NewStore() });

    [Fact]
    public void The_plan_of_a_new_run_names_upstream_tasks()
    {
        _flow.Task("one").Task("two", "one");
        Assert.Equal(["one: Run (has not run)", "two: Run (has not run, and is downstream of 'one')"], Plan(_flow.New()));
        Assert.Empty(_flow.Ran);
    }

    [Fact]
    public void Ended_tasks_are_kept()
    {
        _flow.Task("one").Task("two", "one");
        Assert.Equal("one: Keep (has ended Success at 2026-11-24 08:30:15Z)", Plan(_flow.Step(_flow.New(), 1, reset: true))[0]);
    }

    [Fact]
    public async Task A_target_written_by_an_earlier_planned_task_exists()
    {
        _flow.Add(Writer("one", "one.json")).Add(Writer("two", "two.json")).Add(Writer("again", "two.json") with { After = ["two"] });
        _flow.RunAll();
        await _flow.Flow.Store!.DeleteAsync("two.json", version: null, TestContext.Current.CancellationToken);
        Assert.Equal(
            ["one: Cached (Result found at task target one.json)", "two: Run (its target two.json is missing)", "again: Cached (Result found at task target two.json)"],
            Plan(_flow.New()));
        Assert.Null(await _flow.Flow.Store!.ReadAsync("two.json", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_cached_result_is_planned_with_its_expiry()
    {
        _flow.Add(Writer("one", target: null) with { Cache = new(TimeSpan.FromHours(1)) });
        Assert.Equal(["one: Run (its result is not in the cache)"], Plan(_flow.New()));
        _flow.RunAll();
        Assert.Equal(["one: Cached (its result is in the cache until 2026-11-24 09:30:15Z)"], Plan(_flow.New()));
    }

    [Fact]
    public void A_trigger_not_satisfied_by_successes_fails_its_task()
    {
        _flow.Task("one").Add(Writer("alarm", target: null) with { After = ["one"], Trigger = Trigger.Find("any_failed")! });
        Assert.Equal("alarm: Fail (Trigger was \"any_failed\" but none of the upstream tasks failed)", Plan(_flow.New())[1]);
    }

    [Fact]
    public void A_waiting_task_names_what_it_waits_for()
    {
        _flow.Task("one").Task("two", "one")
            .Add(Writer("asks", target: null) with { Trigger = Trigger.Find("manual_only")! })
            .Add(Writer("listens", target: null) with { Event = new("approval") { Timeout = TimeSpan.FromHours(2) } });
        var run = _flow.New().Change((task, state) => task.Name != "one" ? state : state.Postpone(StateType.Scheduled, message: null) with { DueTime = TestFlow.Start.AddHours(6) });
        Assert.Equal(
            [
                "one: Wait (is due at 2026-11-24 14:30:15Z)", "two: Wait (is downstream of 'one', which waits)",
                "asks: Wait (waits for approval)", "listens: Wait (waits for event 'approval' until 2026-11-24 10:30:15Z)",
            ],
            Plan(run));
    }

    [Fact]
    public void The_number_of_children_is_known_if_the_list_is()
    {
        _flow.Task("list", _ => new object[] { 1, 2 })
            .Add(Mapped("each", "list")).Add(Mapped("next", "each"));
        Assert.Equal(
            [
                "each: Unknown (how often it runs depends on the result of 'list', which does not exist yet)",
                "next: Unknown (is downstream of 'each', whose outcome is not known)",
            ],
            Plan(_flow.New())[1..]);
        Assert.Equal(
            [
                "each: Run (its children: 2 Run)", "each[0]: Run (has not run)", "each[1]: Run (has not run)",
                "next: Run (its children: 2 Run)", "next[0]: Run (has not run, and is downstream of 'each[0]')", "next[1]: Run (has not run, and is downstream of 'each[1]')",
            ],
            Plan(_flow.Step(_flow.New(), 1, reset: true))[1..]);
    }

    [Fact]
    public void The_children_of_a_half_done_map_are_unknown_if_its_list_is_recomputed()
    {
        _flow.Task("list", _ => new object[] { 1, 2 }).Add(Mapped("each", "list")).Task("last", "each");
        var run = _flow.Step(_flow.New(), 2, reset: true).Change((task, state) => task.Name == "list" ? state.Reset(message: null) : state);
        Assert.Equal(
            [
                "list: Run (was set to run again)",
                "each: Unknown (how often it runs depends on the result of 'list', which does not exist yet)",
                "last: Unknown (is downstream of 'each', whose outcome is not known)",
            ],
            Plan(run));
    }

    [Fact]
    public void Subflow_tasks_are_planned_even_if_the_arguments_are_unknown()
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("p", null)]), Store = _flow.Flow.Store }, _flow.Clock)
            .Task("plain").Add(Writer("written", "{p}.json"));
        _flow.Task("list", _ => "x").Add(new("sub", null) { Subflow = inner.Flow, InputFrom = [new("p", "list")] });
        Assert.Equal(
            [
                "sub: Run (has not run, and is downstream of 'list')",
                "sub/plain: Run (has not run)",
                "sub/written: Unknown (what happens depends on a result that does not exist yet)",
            ],
            Plan(_flow.New())[1..]);
    }

    [Fact]
    public void Tasks_beyond_the_budget_wait()
    {
        _flow.Task("one").Task("two").Add(Writer("long", target: null) with { ExpectedDuration = TimeSpan.FromHours(1) });
        Assert.Equal(
            ["one: Run (has not run)", "two: Wait (the step's budget is used up)", "long: Wait (the step's budget is used up)"],
            Plan(_flow.New(), new() { MaxTasks = 1 }));
        Assert.Equal("long: Wait (is expected to run for 01:00:00, longer than the time that the step has left)", Plan(_flow.New(), new() { Time = TimeSpan.FromMinutes(1) })[2]);
    }

    [Fact]
    public void The_remaining_budget_is_unknown_after_a_task_that_may_run()
    {
        _flow.Add(Writer("maybe", target: null) with { When = new Condition() }).Task("one").Task("two");
        Assert.Equal(
            [
                "maybe: Unknown (its condition (-When) is a script block, which a plan does not run)",
                "one: Unknown (whether -MaxTasks is used up depends on a task that may or may not run)",
            ],
            Plan(_flow.New(), new() { MaxTasks = 1 })[..2]);
        Assert.Equal("one: Run (has not run)", Plan(_flow.New())[1]);
    }

    [Fact]
    public void Forced_tasks_and_their_downstream_tasks_say_so()
    {
        _flow.Task("one").Task("two", "one");
        var run = AnyFlow.SetBack(_flow.RunAll(), "one");
        Assert.Equal(["one: Run (was set to run again)", "two: Run (upstream 'one' runs again)"], Plan(run));
    }

    [Fact]
    public void A_retry_is_due_now_or_later()
    {
        _flow.Add(new("fails", TestFlow.Body(_ => throw new InvalidOperationException()))
        {
            Retry = new() { MaxRetries = 2, Delays = [TimeSpan.FromMinutes(5)] },
        });
        var run = _flow.Step(_flow.New());
        Assert.Equal(["fails: Wait (is due at 2026-11-24 08:35:15Z)"], Plan(run));
        _flow.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(["fails: Run (attempt 2 of 3 is due)"], Plan(run));
    }

    [Fact]
    public void A_plan_masks_secrets()
    {
        _flow.Add(new("secret", TestFlow.Body(_ => 31415926)) { IsSensitive = true }).Add(Mapped("each", "secret"));
        var run = _flow.Step(_flow.New(), 1, reset: true).Change((task, state) => task.Name == "each" ? State.NotRun : state);
        var told = Plan(run)[1];
        Assert.StartsWith("each: Fail (The result of task 'secret' is ", told, StringComparison.Ordinal);
        Assert.DoesNotContain("31415926", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_calls_no_handlers_and_sends_no_notifications()
    {
        var called = new List<string>();
        var flow = new TestFlow(options: new() { StateHandlers = [new RecordingHandler((_, state) => Note(called, state.Slug))] });
        flow.Task("one").Add(Writer("alarm", target: null) with
        {
            After = ["one"],
            Trigger = Trigger.Find("any_failed")!,
            StateHandlers = [new RecordingHandler((_, state) => Note(called, state.Slug))],
        });
        Assert.Equal("alarm: Fail (Trigger was \"any_failed\" but none of the upstream tasks failed)", Plan(flow.New())[1]);
        Assert.Empty(called);
    }

    [Fact]
    public void A_suspended_run_waits_as_a_whole()
    {
        _flow.Task("one").Task("two");
        _flow.Recorded(1).Step("run");
        _flow.Ask(RequestKind.Suspend, reason: "lunch");
        Assert.Equal(
            ["one: Keep (has ended Success at 2026-11-24 08:30:15Z)", "two: Wait (Suspended by alice@host: lunch)"],
            Shown(new RunById(_flow.Flow, "run", RunParameters.None)));
    }

    [Fact]
    public void Pending_requests_are_included_in_the_plan_and_stay_pending()
    {
        _flow.Task("one").Task("two");
        _flow.Recorded(1).Step("run");
        _flow.Leave(RequestKind.Edit, edit: ControlExtensions.To(StateType.Skipped, "two"));
        var before = Listing();
        Assert.Equal("two: Keep (has ended Skipped)", Shown(new RunById(_flow.Flow, "run", RunParameters.None))[1]);
        Assert.Equal(before, Listing());
    }

    [Fact]
    public void A_plan_finds_the_run_to_continue_without_changing_the_store()
    {
        _flow.Task("one").Task("two", "one");
        var before = Listing();
        Assert.Equal(["one: Run (has not run)", "two: Run (has not run, and is downstream of 'one')"], Shown(new NewestRun(_flow.Flow, RunParameters.None)));
        Assert.Equal(before, Listing());
        _flow.Recorded(1).Resume();
        before = Listing();
        Assert.Equal("one: Keep (has ended Success at 2026-11-24 08:30:15Z)", Shown(new NewestRun(_flow.Flow, RunParameters.None))[0]);
        Assert.Equal("two: Run (has not run)", Shown(new RunByState(_flow.New()))[1].Replace(", and is downstream of 'one'", ""));
        Assert.Equal(before, Listing());
    }

    private static IReadOnlyList<string> Shown(RunChoice run) =>
        [.. StepTaker.Plan(new(run), TestContext.Current.CancellationToken).Tasks.Select(task => task.ToString())];

    private static string[] Plan(FlowState run, StepBudget? budget = null) =>
        [.. StepPlanner.Plan(run, new() { Budget = budget ?? new(), ResetCancelled = true }, TestContext.Current.CancellationToken).Select(task => task.ToString())];

    private static FlowTaskState? Note(List<string> called, string slug)
    {
        called.Add(slug);
        return null;
    }

    private static TaskOptions Writer(string name, string? target) => new(name, TestFlow.Body(_ => name)) { Target = target };

    private static TaskOptions Mapped(string name, string over) => new(name, TestFlow.Body(_ => name)) { Map = [new("x", over)] };

    private string[] Listing()
    {
        var stop = TestContext.Current.CancellationToken;
        return [.. _flow.Flow.Store!.ListAsync(string.Empty, stop).ToBlockingEnumerable(stop).Select(entry => entry.ToString())];
    }

    private sealed class Condition : ITaskCondition
    {
        public string Source => "condition";

        public bool IsMet(FlowContext context, TaskArguments arguments) => throw new InvalidOperationException("It was asked.");
    }
}
