using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Runs of selected tasks: what runs, what the run's state covers, and that nothing widens the selection.</summary>
public class SelectionTests
{
    // extract -> load -> report, load -> audit; tidy is independent.
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
    public void A_selection_runs_the_chosen_tasks_with_what_they_need_and_leaves_the_rest_Pending(string? tasks, string? from, string expected)
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
    public void A_selection_survives_steps_and_documents(int throttle)
    {
        foreach (var form in new[] { DocumentForm.Json, DocumentForm.Compact })
        {
            var flow = Etl();
            var run = flow.Begin(Selections.Only("report"));
            var steps = 0;
            for (; run.HasPending; steps++)
                run = form.Travel(flow, flow.Step(run, selection: null, maxTasks: 1, throttle));
            Assert.Equal(["extract", "load", "report"], flow.Ran);
            Assert.Equal((3, "report"), (steps, run.Selection));
            Assert.Equal(StateType.Success, run.StateType);
        }
    }

    [Fact]
    public void Only_selected_tasks_are_cancelled_by_the_budget()
    {
        var flow = Etl();
        var run = flow.Step(flow.Begin(Selections.Only("report")), maxTasks: 1);
        Assert.Equal("Success Cancelled Cancelled Pending Pending", States(run));
        Assert.Equal(StateType.Cancelled, run.StateType);
    }

    [Fact]
    public void Only_selected_tasks_decide_the_runs_state()
    {
        var flow = Etl(task => task == "load" ? throw new InvalidOperationException() : task, new() { ReferenceTasks = ["extract"] });
        var report = flow.RunAll(flow.Begin(Selections.Only("report")));
        Assert.Equal(StateType.Failed, report.StateType);
        Assert.Equal("Success Failed TriggerFailed Pending Pending", States(report));
        Assert.Equal(StateType.Success, flow.RunAll().StateType); // in a full run, the reference task decides
        Assert.Equal(StateType.Success, flow.RunAll(flow.Begin(Selections.Only("tidy"))).StateType);
    }

    [Fact]
    public void Scheduled_and_paused_tasks_count_only_if_selected()
    {
        var flow = new TestFlow().Task("a").Task("b").Task("c");
        var later = flow.New().Change((task, state) => task.Name == "b" ? state.Postpone(StateType.Scheduled, null) with { DueTime = TestFlow.Start.AddHours(1) }
            : task.Name == "c" ? state.Postpone(StateType.Paused, null)
            : state);
        var run = flow.RunAll(Selections.Only("a").Any().ApplyTo(later));
        Assert.Equal((StateType.Success, null), (run.StateType, run.NextStartTime));
        Assert.Equal(["a"], flow.Ran);
        Assert.Empty(flow.Slept);
    }

    [Fact]
    public void FromTask_keeps_upstream_results_and_reruns_the_rest()
    {
        var flow = Etl();
        var run = flow.RunAll();
        flow.Ran.Clear();
        var again = flow.Step(run, Selections.From("load").Any());
        Assert.Equal(["load", "report", "audit"], flow.Ran);
        Assert.Equal(("Success Success Success Success Success", "from load"), (States(again), again.Selection));
    }

    [Fact]
    public void Repeated_FromTask_steps_finish_and_then_start_over()
    {
        var flow = Etl();
        var run = flow.RunAll();
        flow.Ran.Clear();
        var steps = 0;
        do
        {
            run = flow.Travel(flow.Step(run, Selections.From("load").Any(), maxTasks: 1));
            Assert.True(++steps < 10, "The run does not end.");
        }
        while (run.HasPending);
        Assert.Equal(3, steps);
        Assert.Equal(["load", "report", "audit"], flow.Ran);
        flow.Step(run, Selections.From("load").Any());
        Assert.Equal(["load", "report", "audit", "load", "report", "audit"], flow.Ran);
    }

    [Fact]
    public void FromTask_without_upstream_results_is_an_error_that_names_both_tasks()
    {
        var flow = Etl();
        var e = Assert.Throws<FlowException>(() => flow.Step(flow.New(), Selections.From("load").Any()));
        Assert.Equal(FlowErrorId.SelectionInvalid, e.Id);
        Assert.Contains("'load' comes after 'extract'", e.Message, StringComparison.Ordinal);
        var cut = flow.Step(flow.New(), maxTasks: 1); // tidy has not run and is not selected; load was cancelled by the budget
        Assert.Equal(FlowErrorId.SelectionInvalid, Assert.Throws<FlowException>(() => flow.Step(cut, Selections.From("report").Any())).Id);
        Assert.Equal(["extract"], flow.Ran);
    }

    [Fact]
    public void A_state_may_be_given_another_selection_and_ended_tasks_stay()
    {
        var flow = Etl();
        var run = flow.Step(flow.New(), Selections.Only("report").Any());
        run = flow.Step(flow.Travel(run), Selections.Only("audit").Any());
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
    public void RunId_does_not_widen_a_selection(object scope, string? tasks, bool isAllowed)
    {
        var flow = Etl();
        var run = flow.Begin(Selections.Only("report"));
        var change = new SelectionChange(tasks is null ? null : Selections.Only(tasks), (SelectionScope)scope);
        if (isAllowed)
            Assert.Equal(tasks, change.ApplyTo(run).Selection);
        else
            Assert.Equal(FlowErrorId.SelectionInvalid, Assert.Throws<FlowException>(() => change.ApplyTo(run)).Id);
    }

    [Fact]
    public void A_selected_mapped_task_runs_all_children_but_not_downstream_maps()
    {
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2, 3 });
        flow.Add(new("each", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("x", "list")] });
        flow.Add(new("next", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("x", "each")] });
        for (var throttle = 0; throttle < 4; throttle += 3)
        {
            flow.Ran.Clear();
            var run = flow.Begin(Selections.Only("each"));
            while (run.HasPending)
                run = flow.Travel(flow.Step(run, selection: null, maxTasks: 2, throttle));
            Assert.Equal(["list", "each", "each", "each"], flow.Ran);
            Assert.Equal(State.NotRun, run.States[2]);
            Assert.Equal(StateType.Success, run.StateType);
        }
    }

    [Fact]
    public void A_selected_subflow_task_runs_with_what_it_needs_inside_and_outside()
    {
        var inner = Etl();
        var flow = Outer(inner);
        var run = flow.RunAll(flow.Begin(Selections.Only("s/load")));
        Assert.Equal(["before"], flow.Ran);
        Assert.Equal(["extract", "load"], inner.Ran);
        Assert.Equal(StateType.Success, run.StateType);
        Assert.Equal((StateType.Success, "load"), (run.Tasks[1].Subflow!.StateType, run.Tasks[1].Subflow!.Selection));
        Assert.True(run.States[1].LacksResult);

        // Now a task downstream of the subflow is selected: the whole subflow continues.
        run = flow.Step(flow.Travel(run), Selections.Only("after").Any());
        Assert.Equal(["extract", "load", "report", "audit", "tidy"], inner.Ran);
        Assert.Equal(["before", "after"], flow.Ran);
        Assert.Equal((StateType.Success, null), (run.StateType, run.Tasks[1].Subflow!.Selection));
    }

    [Fact]
    public void A_subflow_whose_result_is_needed_runs_as_a_whole()
    {
        var inner = Etl();
        var flow = Outer(inner);
        flow.RunAll(flow.Begin(Selections.Only("s/load", "after")));
        Assert.Equal(5, inner.Ran.Count);
    }

    [Fact]
    public void A_partial_subflow_uses_neither_target_nor_cache()
    {
        var store = RecordedFlowExtensions.NewStore();
        var inner = Etl();
        var flow = new TestFlow(options: new() { Store = store });
        flow.Add(new("s", Body: null) { Subflow = inner.Flow, Target = "s.json" });
        flow.Add(new("c", Body: null) { Subflow = inner.Flow, Cache = new(TimeSpan.FromHours(1)) });
        flow.RunAll(flow.Begin(Selections.Only("s/load", "c/load")));
        inner.Ran.Clear();
        var whole = flow.RunAll();
        Assert.Equal("Success Cached", string.Join(' ', whole.Tasks.Select(task => task.State)));
        Assert.Equal(10, inner.Ran.Count);
        inner.Ran.Clear();
        var part = flow.RunAll(flow.Begin(Selections.Only("s/load", "c/load"))); // nor is the existing state taken for it
        Assert.Equal("Success Success", string.Join(' ', part.Tasks.Select(task => task.State)));
        Assert.Equal(["extract", "load", "extract", "load"], inner.Ran);
    }

    [Fact]
    public void FromTask_in_a_subflow_reruns_its_rest_and_downstream_tasks()
    {
        var inner = Etl();
        var flow = Outer(inner);
        var run = flow.RunAll();
        inner.Ran.Clear();
        flow.Ran.Clear();
        run = flow.Step(flow.Travel(run), Selections.From("s/load").Any());
        Assert.Equal(["load", "report", "audit"], inner.Ran);
        Assert.Equal(["after"], flow.Ran);
        Assert.Equal(StateType.Success, run.StateType);
    }

    [Fact]
    public void A_selection_applies_to_the_current_flow()
    {
        var run = Etl().Begin(Selections.Only("report"));
        var now = new TestFlow().Task("extract").Task("check").Task("report", "extract", "check").Task("new", "report");
        var read = FlowStateReader.Read(now.Flow, FlowStateWriter.Write(run));
        Assert.Equal(StateType.Success, now.RunAll(read.Run).StateType);
        Assert.Equal(["extract", "check", "report"], now.Ran);
    }

    [Fact]
    public void A_removed_selected_task_is_warned_of_and_an_empty_selection_runs_nothing()
    {
        var run = Etl().Begin(Selections.Only("report", "tidy"));
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
    public void A_new_unselected_upstream_task_is_an_error_rather_than_an_endless_wait()
    {
        var before = Etl();
        var run = Selections.From("load").Any().ApplyTo(before.RunAll());
        var now = new TestFlow().Task("extract").Task("check").Task("load", "extract", "check");
        var e = Assert.Throws<FlowException>(() => now.RunAll(FlowStateReader.Read(now.Flow, FlowStateWriter.Write(run)).Run));
        Assert.Contains("'load' comes after 'check'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_secret_is_recomputed_for_the_selection()
    {
        var flow = new TestFlow();
        flow.Add(new("key", TestFlow.Body(_ => "hunter2-secret")) { IsSensitive = true });
        flow.Add(new("use", TestFlow.Body(arguments => arguments[0].Value is "hunter2-secret")) { InputFrom = [new("k", "key")] });
        var run = flow.Travel(flow.RunAll());
        run = flow.Step(run, Selections.From("use").Any());
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
