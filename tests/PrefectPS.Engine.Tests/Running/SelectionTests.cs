using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Runs of some of a flow's tasks: which run, what the run's state speaks of, and that nothing widens it.</summary>
public class SelectionTests
{
    // extract -> load -> report, load -> audit, tidy by itself.
    private static TestFlow Etl(Func<string, object?>? body = null, FlowOptions? options = null)
    {
        body ??= task => task;
        return new TestFlow(options: options)
            .Task("extract", _ => body("extract"))
            .Task("load", _ => body("load"), "extract")
            .Task("report", _ => body("report"), "load")
            .Task("audit", _ => body("audit"), "load")
            .Task("tidy", _ => body("tidy"));
    }

    [Theory]
    [InlineData("report", null, "extract load report")]
    [InlineData("report audit", null, "extract load report audit")]
    [InlineData("tidy", null, "tidy")]
    [InlineData(null, "extract", "extract load report audit")]
    [InlineData("report", "extract", "extract load report")]
    [InlineData(null, "tidy", "tidy")]
    public void It_runs_what_was_asked_for_with_all_that_needs_or_follows_it_and_leaves_the_rest_pending(string? tasks, string? from, string expected)
    {
        var flow = Etl();
        var run = flow.RunAll(flow.Begin(new(Paths(tasks), Paths(from))));
        Assert.Equal(expected, string.Join(' ', flow.Ran));
        Assert.Equal(StateType.Success, run.StateType);
        Assert.False(run.HasPending);
        Assert.All(run.Tasks.Where(task => !flow.Ran.Contains(task.Slug)), task => Assert.Same(State.NotRun, task.Inner));
        Assert.EndsWith($"{flow.Ran.Count} of 5 tasks are selected.", run.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Cut_into_steps_through_documents_it_stays_what_it_is(int throttle)
    {
        foreach (var form in new[] { DocumentForm.Json, DocumentForm.Compact })
        {
            var flow = Etl();
            var run = flow.Begin(Selecting.Only("report"));
            var steps = 0;
            for (; run.HasPending; steps++)
                run = form.Travel(flow, flow.Step(run, selection: null, maxTasks: 1, throttle));
            Assert.Equal(["extract", "load", "report"], flow.Ran);
            Assert.Equal((3, "report"), (steps, run.Selection));
            Assert.Equal(StateType.Success, run.StateType);
        }
    }

    [Fact]
    public void What_its_budget_did_not_start_is_cancelled_and_the_rest_stays_pending()
    {
        var flow = Etl();
        var run = flow.Step(flow.Begin(Selecting.Only("report")), maxTasks: 1);
        Assert.Equal("Success Cancelled Cancelled Pending Pending", States(run));
        Assert.Equal(StateType.Cancelled, run.StateType);
    }

    [Fact]
    public void What_was_asked_for_decides_and_what_was_not_says_nothing()
    {
        var flow = Etl(task => task == "load" ? throw new InvalidOperationException() : task, new() { ReferenceTasks = ["extract"] });
        var report = flow.RunAll(flow.Begin(Selecting.Only("report")));
        Assert.Equal(StateType.Failed, report.StateType);
        Assert.Equal("Success Failed TriggerFailed Pending Pending", States(report));
        Assert.Equal(StateType.Success, flow.RunAll().StateType); // of the whole flow the one that it names decides
        Assert.Equal(StateType.Success, flow.RunAll(flow.Begin(Selecting.Only("tidy"))).StateType);
    }

    [Fact]
    public void A_task_that_is_due_later_or_waits_for_approval_counts_only_where_it_is_selected()
    {
        var flow = new TestFlow().Task("a").Task("b").Task("c");
        var later = flow.New().Change((task, state) => task.Name == "b" ? state.Postpone(StateType.Scheduled, null) with { DueTime = TestFlow.Start.AddHours(1) }
            : task.Name == "c" ? state.Postpone(StateType.Paused, null)
            : state);
        var run = flow.RunAll(Selecting.Only("a").Any().ApplyTo(later));
        Assert.Equal((StateType.Success, null), (run.StateType, run.NextStartTime));
        Assert.Equal(["a"], flow.Ran);
        Assert.Empty(flow.Slept);
    }

    [Fact]
    public void From_a_task_on_what_comes_before_keeps_its_results_and_the_rest_runs_again()
    {
        var flow = Etl();
        var run = flow.RunAll();
        flow.Ran.Clear();
        var again = flow.Step(run, Selecting.From("load").Any());
        Assert.Equal(["load", "report", "audit"], flow.Ran);
        Assert.Equal(("Success Success Success Success Success", "from load"), (States(again), again.Selection));
    }

    [Fact]
    public void Step_after_step_from_a_task_on_comes_to_an_end_and_once_over_it_begins_there_again()
    {
        var flow = Etl();
        var run = flow.RunAll();
        flow.Ran.Clear();
        var steps = 0;
        do
        {
            run = flow.Travel(flow.Step(run, Selecting.From("load").Any(), maxTasks: 1));
            Assert.True(++steps < 10, "The run does not end.");
        }
        while (run.HasPending);
        Assert.Equal(3, steps);
        Assert.Equal(["load", "report", "audit"], flow.Ran);
        flow.Step(run, Selecting.From("load").Any());
        Assert.Equal(["load", "report", "audit", "load", "report", "audit"], flow.Ran);
    }

    [Fact]
    public void From_a_task_on_without_what_comes_before_it_is_an_error_that_names_both()
    {
        var flow = Etl();
        var e = Assert.Throws<FlowException>(() => flow.Step(flow.New(), Selecting.From("load").Any()));
        Assert.Equal(FlowErrorId.SelectionInvalid, e.Id);
        Assert.Contains("'load' comes after 'extract'", e.Message, StringComparison.Ordinal);
        var cut = flow.Step(flow.New(), maxTasks: 1); // tidy has not run, and is not needed; load was cancelled by the budget
        Assert.Equal(FlowErrorId.SelectionInvalid, Assert.Throws<FlowException>(() => flow.Step(cut, Selecting.From("report").Any())).Id);
        Assert.Equal(["extract"], flow.Ran);
    }

    [Fact]
    public void A_run_in_hand_may_be_given_other_tasks_and_what_has_ended_stays()
    {
        var flow = Etl();
        var run = flow.Step(flow.New(), Selecting.Only("report").Any());
        run = flow.Step(flow.Travel(run), Selecting.Only("audit").Any());
        Assert.Equal(["extract", "load", "report", "audit"], flow.Ran);
        run = flow.Step(run, new SelectionChange(null, SelectionScope.Any));
        Assert.Equal((StateType.Success, null), (run.StateType, run.Selection));
        Assert.Equal(5, flow.Ran.Count);
    }

    [Theory]
    [InlineData(SelectionScope.Same, "report", true)]
    [InlineData(SelectionScope.Same, "load", false)]
    [InlineData(SelectionScope.Same, null, false)]
    [InlineData(SelectionScope.Narrow, "load", true)]
    [InlineData(SelectionScope.Narrow, "audit", false)]
    [InlineData(SelectionScope.Narrow, null, false)]
    public void Who_names_a_run_does_not_widen_it(object scope, string? tasks, bool isAllowed)
    {
        var flow = Etl();
        var run = flow.Begin(Selecting.Only("report"));
        var change = new SelectionChange(tasks is null ? null : Selecting.Only(tasks), (SelectionScope)scope);
        if (isAllowed)
            Assert.Equal(tasks, change.ApplyTo(run).Selection);
        else
            Assert.Equal(FlowErrorId.SelectionInvalid, Assert.Throws<FlowException>(() => change.ApplyTo(run)).Id);
    }

    [Fact]
    public void A_mapped_task_runs_with_all_its_children_and_what_maps_over_it_does_not()
    {
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2, 3 });
        flow.Add(new("each", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("x", "list")] });
        flow.Add(new("next", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("x", "each")] });
        for (var throttle = 0; throttle < 4; throttle += 3)
        {
            flow.Ran.Clear();
            var run = flow.Begin(Selecting.Only("each"));
            while (run.HasPending)
                run = flow.Travel(flow.Step(run, selection: null, maxTasks: 2, throttle));
            Assert.Equal(["list", "each", "each", "each"], flow.Ran);
            Assert.Equal(State.NotRun, run.States[2]);
            Assert.Equal(StateType.Success, run.StateType);
        }
    }

    [Fact]
    public void A_task_in_a_subflow_runs_with_what_it_needs_there_and_around_it()
    {
        var inner = Etl();
        var flow = Outer(inner);
        var run = flow.RunAll(flow.Begin(Selecting.Only("s/load")));
        Assert.Equal(["before"], flow.Ran);
        Assert.Equal(["extract", "load"], inner.Ran);
        Assert.Equal(StateType.Success, run.StateType);
        Assert.Equal((StateType.Success, "load"), (run.Tasks[1].Subflow!.StateType, run.Tasks[1].Subflow!.Selection));
        Assert.True(run.States[1].LacksResult);

        // Now what needs its result is asked for: the subflow goes on as a whole.
        run = flow.Step(flow.Travel(run), Selecting.Only("after").Any());
        Assert.Equal(["extract", "load", "report", "audit", "tidy"], inner.Ran);
        Assert.Equal(["before", "after"], flow.Ran);
        Assert.Equal((StateType.Success, null), (run.StateType, run.Tasks[1].Subflow!.Selection));
    }

    [Fact]
    public void A_subflow_whose_result_is_needed_runs_whole_whatever_is_asked_for_in_it()
    {
        var inner = Etl();
        var flow = Outer(inner);
        flow.RunAll(flow.Begin(Selecting.Only("s/load", "after")));
        Assert.Equal(5, inner.Ran.Count);
    }

    [Fact]
    public void A_part_of_a_subflow_comes_to_no_target_and_is_in_no_cache()
    {
        var store = RecordedFlowExtensions.NewStore();
        var inner = Etl();
        var flow = new TestFlow(options: new() { Store = store });
        flow.Add(new("s", Body: null) { Subflow = inner.Flow, Target = "s.json" });
        flow.Add(new("c", Body: null) { Subflow = inner.Flow, Cache = new(TimeSpan.FromHours(1)) });
        flow.RunAll(flow.Begin(Selecting.Only("s/load", "c/load")));
        inner.Ran.Clear();
        var whole = flow.RunAll();
        Assert.Equal("Success Cached", string.Join(' ', whole.Tasks.Select(task => task.State)));
        Assert.Equal(10, inner.Ran.Count);
        inner.Ran.Clear();
        var part = flow.RunAll(flow.Begin(Selecting.Only("s/load", "c/load"))); // nor is what is there taken for it
        Assert.Equal("Success Success", string.Join(' ', part.Tasks.Select(task => task.State)));
        Assert.Equal(["extract", "load", "extract", "load"], inner.Ran);
    }

    [Fact]
    public void From_a_task_in_a_subflow_on_the_rest_of_it_and_what_follows_run_again()
    {
        var inner = Etl();
        var flow = Outer(inner);
        var run = flow.RunAll();
        inner.Ran.Clear();
        flow.Ran.Clear();
        run = flow.Step(flow.Travel(run), Selecting.From("s/load").Any());
        Assert.Equal(["load", "report", "audit"], inner.Ran);
        Assert.Equal(["after"], flow.Ran);
        Assert.Equal(StateType.Success, run.StateType);
    }

    [Fact]
    public void A_flow_that_has_changed_is_run_as_it_is_now()
    {
        var run = Etl().Begin(Selecting.Only("report"));
        var now = new TestFlow().Task("extract").Task("check").Task("report", "extract", "check").Task("new", "report");
        var read = FlowStateReader.Read(now.Flow, FlowStateWriter.Write(run));
        Assert.Equal(StateType.Success, now.RunAll(read.Run).StateType);
        Assert.Equal(["extract", "check", "report"], now.Ran);
    }

    [Fact]
    public void A_task_that_the_flow_has_no_more_is_warned_of_and_with_none_left_nothing_runs()
    {
        var run = Etl().Begin(Selecting.Only("report", "tidy"));
        var now = new TestFlow().Task("extract").Task("tidy");
        var read = FlowStateReader.Read(now.Flow, FlowStateWriter.Write(run));
        Assert.Contains(read.Warnings, warning => warning.Contains("Task 'report', which is selected", StringComparison.Ordinal));
        now.RunAll(read.Run);
        Assert.Equal(["tidy"], now.Ran);

        var gone = new TestFlow().Task("extract");
        var none = FlowStateReader.Read(gone.Flow, FlowStateWriter.Write(run)).Run;
        Assert.Equal((StateType.Pending, false), (none.StateType, none.HasPending));
        Assert.Equal(FlowErrorId.SelectionInvalid, Assert.Throws<FlowException>(() => gone.RunAll(none)).Id);
        Assert.Empty(gone.Ran);
    }

    [Fact]
    public void A_new_task_before_the_first_one_is_an_error_and_no_endless_wait()
    {
        var before = Etl();
        var run = Selecting.From("load").Any().ApplyTo(before.RunAll());
        var now = new TestFlow().Task("extract").Task("check").Task("load", "extract", "check");
        var e = Assert.Throws<FlowException>(() => now.RunAll(FlowStateReader.Read(now.Flow, FlowStateWriter.Write(run)).Run));
        Assert.Contains("'load' comes after 'check'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_that_was_not_kept_is_made_again_where_it_is_needed()
    {
        var flow = new TestFlow();
        flow.Add(new("key", TestFlow.Body(_ => "hunter2-secret")) { IsSensitive = true });
        flow.Add(new("use", TestFlow.Body(arguments => arguments[0].Value is "hunter2-secret")) { InputFrom = [new("k", "key")] });
        var run = flow.Travel(flow.RunAll());
        run = flow.Step(run, Selecting.From("use").Any());
        Assert.Equal(["key", "use", "key", "use"], flow.Ran);
        Assert.Equal(true, run.Tasks[1].Result);
    }

    private static TestFlow Outer(TestFlow inner)
    {
        var flow = new TestFlow("outer").Task("before");
        flow.Add(new("s", Body: null) { Subflow = inner.Flow, After = ["before"] });
        return flow.Task("after", "s").Task("other");
    }

    private static TaskPath[]? Paths(string? tasks) => tasks is null ? null : [.. tasks.Split(' ').Select(task => new TaskPath([task]))];

    private static string States(FlowState run) => string.Join(' ', run.Tasks.Select(task => task.State));
}
