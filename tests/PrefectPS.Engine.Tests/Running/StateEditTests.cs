using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>What is reset in a run that has ended is done again with what there is now, and nothing else is.</summary>
public sealed class StateEditTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Downstream_tasks_of_a_reset_task_run_again_whatever_their_state()
    {
        var flow = new TestFlow().Task("a").Task("b", "a").Task("c", "b").Task("other");
        var run = Reset(flow.RunAll(), (task, _) => task.Name == "b");
        Assert.Equal([StateType.Success, StateType.Pending, StateType.Pending, StateType.Success], run.Types());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(DocumentForm.Json)]
    [InlineData(DocumentForm.Compact)]
    public void A_task_set_to_Success_has_a_null_result_only_if_given(DocumentForm? form)
    {
        Assert.Equal((StateType.Failed, null), MapOver(new(StateType.Success) { Tasks = ["list"] }));
        Assert.Equal((StateType.Mapped, 0), MapOver(new(StateType.Success) { Tasks = ["list"], HasResult = true }));

        (StateType, int?) MapOver(TaskEdit edit)
        {
            var flow = new TestFlow().Task("list", _ => throw new InvalidOperationException("bad")).Add(new("m", TestFlow.Body(a => a[0].Value)) { Map = [new("x", "list")] });
            var run = Travel(flow, edit.ToStateEdit().Of(Travel(flow, flow.RunAll())));
            run = flow.RunAll(Travel(flow, new TaskEdit(StateType.Pending) { Tasks = ["m"] }.ToStateEdit().Of(run)));
            return (run.Of("m").StateType, run.Of("m").Inner.Children?.Length);
        }

        FlowState Travel(TestFlow flow, FlowState run) => form is { } given ? given.Travel(flow, run) : run;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // in a later step, of the run that was kept in memory meanwhile
    public void A_subflow_whose_time_has_come_and_that_still_waits_for_another_says_for_which(bool waits)
    {
        var flow = new TestFlow();
        var inner = new TestFlow("inner", clock: flow.Clock).Task("first").Task("a", "first").Task("b", "a");
        flow.Add(new("s", null) { Subflow = inner.Flow });
        var run = flow.Step(flow.New(), maxTasks: 1, reset: true);
        run = new TaskEdit(StateType.Scheduled) { Tasks = ["s/a"], DueTime = TestFlow.Start.AddHours(2) }.ToStateEdit().Of(run);
        run = new TaskEdit(StateType.Scheduled) { Tasks = ["s/b"], DueTime = TestFlow.Start.AddHours(1) }.ToStateEdit().Of(run);
        Assert.Equal(TestFlow.Start.AddHours(1), run.NextStartTime);
        if (waits)
        {
            Assert.Equal(StateType.Success, flow.RunAll(run).StateType);
            return;
        }

        flow.Clock.Advance(TimeSpan.FromHours(1));
        run = flow.Step(run, reset: true);
        Assert.Equal((StateType.Scheduled, TestFlow.Start.AddHours(2)), (run.StateType, run.NextStartTime));
    }

    [Fact]
    public void Resetting_nothing_allocates_nothing_per_task()
    {
        var flow = new TestFlow();
        for (var i = 0; i < 1000; i++)
            flow.Task($"t{i}");
        var run = flow.RunAll();
        Assert.Same(run, run.ResetCancelled());

        var before = GC.GetAllocatedBytesForCurrentThread();
        run.ResetCancelled();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // chosen together with what comes before it
    public void A_subflow_behind_what_is_done_again_begins_anew_with_what_there_is_now(bool includesDownstream)
    {
        var value = "old";
        var inner = new TestFlow("inner", Takes("x"))
            .Add(new("first", TestFlow.Body(a => $"first {a[0].Value}")) { Parameters = ["x"] })
            .Add(new("second", TestFlow.Body(a => a[0].Value is "first old" ? throw new InvalidOperationException("bad") : a[0].Value)) { InputFrom = [new("f", "first")] });
        var flow = new TestFlow().Task("a", _ => value).Add(new("s", null) { Subflow = inner.Flow, InputFrom = [new("x", "a")] });
        var run = flow.RunAll();
        Assert.Equal(StateType.Failed, run.StateType);

        value = "new";
        run = flow.RunAll(Reset(flow.Travel(run), (task, _) => task.Name == "a" || (task.Name == "s" && !includesDownstream), includesDownstream));

        Assert.Equal("first new", run.Of("s").Result);
        Assert.Equal(["first", "second", "first", "second"], inner.Ran);
    }

    [Fact]
    public void A_reset_subflow_keeps_its_succeeded_tasks()
    {
        var isBad = true;
        var inner = new TestFlow("inner").Task("first").Task("second", _ => isBad ? throw new InvalidOperationException("bad") : 2, "first");
        var flow = new TestFlow().Task("a").Add(new("s", null) { Subflow = inner.Flow, After = ["a"] });
        var run = flow.RunAll();

        isBad = false;
        run = flow.RunAll(Reset(run, (_, state) => state.Type == StateType.Failed));

        Assert.Equal(StateType.Success, run.StateType);
        Assert.Equal(["first", "second", "second"], inner.Ran);
    }

    [Fact]
    public void A_failure_subflow_does_not_run_once_the_failure_is_fixed()
    {
        var isBad = true;
        var inner = new TestFlow("inner").Task("mail", _ => isBad ? throw new InvalidOperationException("no server") : null);
        var flow = new TestFlow().Task("a", _ => isBad ? throw new InvalidOperationException("bad") : 1)
            .Add(new("alarm", null) { Subflow = inner.Flow, After = ["a"], Trigger = Trigger.Find("any_failed")! });
        var run = flow.RunAll();

        isBad = false;
        run = flow.RunAll(Reset(run, (_, state) => state.Type == StateType.Failed));

        Assert.Equal(StateType.TriggerFailed, run.Of("alarm").StateType);
        Assert.Equal(["mail"], inner.Ran);
    }

    [Fact]
    public void In_a_map_over_a_map_only_counterparts_of_reset_children_are_reset()
    {
        var isBad = true;
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2, 3 })
            .Add(new("a", TestFlow.Body(x => isBad && x[0].Value is 3 ? throw new InvalidOperationException("bad") : x[0].Value)) { Map = [new("x", "list")] })
            .Add(new("b", TestFlow.Body(x => x[0].Value)) { Map = [new("x", "a")] })
            .Add(new("all", TestFlow.Body(x => x[0].Value)) { InputFrom = [new("x", "b")] });
        var run = flow.RunAll();
        flow.Ran.Clear();

        isBad = false;
        run = flow.RunAll(Reset(flow.Travel(run), (_, state) => state.Type == StateType.Failed));

        Assert.Equal([1, 2, 3], ((object?[])run.Of("all").Result!).Select(Convert.ToInt32));
        Assert.Equal(["a", "b", "all"], flow.Ran);
    }

    [Fact]
    public void An_unmapped_input_change_resets_all_children()
    {
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2 }).Task("factor", _ => 2)
            .Add(new("a", TestFlow.Body(x => x[0].Value)) { Map = [new("x", "list")], InputFrom = [new("f", "factor")] });
        var run = Reset(flow.RunAll(), (task, _) => task.Name == "factor");
        Assert.Equal([StateType.Success, StateType.Pending, StateType.Pending], run.Types());
        Assert.Empty(run.Of("a").Children);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void A_map_whose_list_changed_length_is_mapped_again(int throttle, bool overMap)
    {
        var (count, isBad) = (3, true);
        var flow = new TestFlow().Task("list", _ => Enumerable.Range(1, count).ToArray())
            .Add(new("a", TestFlow.Body(x => x[0].Value)) { Map = [new("x", "list")] })
            .Add(new("b", TestFlow.Body(x => isBad && Convert.ToInt32(x[0].Value) >= 2 ? throw new InvalidOperationException("bad")
                : x[0].Value))
            { Map = [new("y", overMap ? "a" : "list")] })
            .Add(new("all", TestFlow.Body(x => ((Array)x[0].Value!).Length)) { InputFrom = [new("x", "b")] });
        var run = RunAll(flow, flow.New(), throttle);
        Assert.Equal(StateType.Failed, run.StateType);

        foreach (var next in new[] { 2, 4 })
        {
            (count, isBad) = (next, false);
            run = Reset(flow.Travel(run), (task, state) => task.Name is "list" or "a" || state.IsFailed, includesDownstream: false);
            run = RunAll(flow, run, throttle);
            Assert.Equal((StateType.Success, next), (run.StateType, run.Of("b").Children.Count));
            Assert.Equal(Enumerable.Range(1, next), ((object?[])run.Of("b").Result!).Select(Convert.ToInt32));
            Assert.Equal(next, run.Of("all").Result);
            run = Reset(run, (task, state) => task.Name == "all" || (task.Name == "b" && state is { Children: null, Result.Value: 1 }), includesDownstream: false);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_map_keeps_succeeded_children_if_its_list_kept_its_length(int throttle)
    {
        var isBad = true;
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2, 3 })
            .Add(new("m", TestFlow.Body(x => isBad && Convert.ToInt32(x[0].Value) == 2 ? throw new InvalidOperationException("bad") : x[0].Value)) { Map = [new("x", "list")] });
        var run = RunAll(flow, flow.New(), throttle);
        flow.Ran.Clear();

        isBad = false;
        run = RunAll(flow, Reset(flow.Travel(run), (task, state) => task.Name == "list" || state.Type == StateType.Failed, includesDownstream: false), throttle);

        Assert.Equal(StateType.Success, run.StateType);
        Assert.Equal(["list", "m"], flow.Ran);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_task_that_is_no_longer_mapped_takes_the_whole_input(int throttle)
    {
        var mapped = new TestFlow().Task("list", _ => new[] { 1, 2, 3 })
            .Add(new("m", TestFlow.Body(x => x[0].Value is 2 ? throw new InvalidOperationException("bad") : x[0].Value)) { Map = [new("x", "list")] });
        var run = Reset(mapped.RunAll(), (_, state) => state.Type == StateType.Failed);

        var mended = new TestFlow().Task("list", _ => throw new InvalidOperationException("not again"))
            .Add(new("m", TestFlow.Body(x => ((Array)x[0].Value!).Length)) { InputFrom = [new("x", "list")] });
        var after = RunAll(mended, mended.Travel(run), throttle);

        Assert.Equal((StateType.Success, StateType.Success, 3), (after.StateType, after.Of("m").StateType, after.Of("m").Result));
    }

    public static TheoryData<string?, bool> Kept => new()
    {
        { "{task_name}.json", false }, { null, false }, { "{task_name}.json", true }, { null, true },
    };

    [Theory]
    [MemberData(nameof(Kept))]
    public void A_reset_task_ignores_its_old_target_and_cache(string? target, bool inSubflow)
    {
        var (value, isBad) = ("old", true);
        var store = new FolderStore(_folder);
        var flow = new TestFlow(options: new() { Store = store });
        var summing = inSubflow ? new TestFlow("inner", Takes("x") with { Store = store }) : flow;
        flow.Task("a", _ => isBad ? throw new InvalidOperationException("bad") : value);
        summing.Add(new("sum", TestFlow.Body(x => $"sum of {x[0].Value}"))
        {
            InputFrom = inSubflow ? [] : [new("x", "a")],
            Parameters = inSubflow ? ["x"] : [],
            Trigger = Trigger.Find("all_finished")!,
            Target = target,
            Cache = target is null ? new(TimeSpan.FromHours(1)) : null,
        });
        if (inSubflow)
            flow.Add(new("s", null) { Subflow = summing.Flow, InputFrom = [new("x", "a")], Trigger = Trigger.Find("all_finished")! });
        var last = inSubflow ? "s" : "sum";
        var run = flow.RunAll();
        Assert.Equal("sum of ", run.Of(last).Result);

        isBad = false;
        run = Reset(flow.Travel(run), (_, state) => state.Type == StateType.Failed);
        while (run.HasPending)
            run = flow.Travel(flow.Step(run, maxTasks: 1, reset: true));

        Assert.Equal("sum of old", run.Of(last).Result);
        Assert.Equal(["sum", "sum"], summing.Ran.Where(task => task == "sum"));
        Assert.False(run.Of(last).Inner.ForceRerun);

        value = "other";
        Assert.Equal("sum of old", flow.RunAll().Of(last).Result); // another run takes what there is
    }

    [Fact]
    public void A_failed_reset_task_still_ignores_its_old_target_and_cache()
    {
        var (value, isBad) = ("old", false);
        var flow = new TestFlow(options: new() { Store = new FolderStore(_folder) });
        flow.Task("a", _ => isBad ? throw new InvalidOperationException("bad") : value)
            .Add(new("sum", TestFlow.Body(x => $"sum of {x[0].Value}")) { InputFrom = [new("x", "a")], Target = "{task_name}.json", SkipOnUpstreamSkip = false })
            .Add(new("map", TestFlow.Body(x => $"{x[0].Value}{value}")) { Map = [new("x", "sum")], Target = "{task_name}{map_index}.json" });
        var run = flow.RunAll();

        (value, isBad) = ("new", true);
        run = flow.RunAll(Reset(flow.Travel(run), (task, _) => task.Name == "a"));
        Assert.Equal([StateType.Failed, StateType.TriggerFailed], run.Types().Take(2));

        isBad = false;
        run = flow.RunAll(Reset(flow.Travel(run), (_, state) => state.Type == StateType.Failed));
        Assert.Equal("sum of new", run.Of("sum").Result);
        Assert.Equal(["sum of newnew"], (object?[])run.Of("map").Result!);
    }

    [Fact]
    public void An_interrupted_task_uses_its_target_and_cache()
    {
        var flow = new TestFlow(options: new() { Store = new FolderStore(_folder) });
        flow.Task("a").Add(new("b", TestFlow.Body(_ => 1)) { After = ["a"], Target = "{task_name}.json" });
        flow.RunAll();
        var run = Reset(flow.Step(flow.New(), maxTasks: 1), (_, state) => state.Type == StateType.Cancelled);
        Assert.Equal(StateType.Cached, flow.RunAll(run).Of("b").StateType);
    }

    [Theory]
    [InlineData(StateType.Resume, new[] { 2 })]
    [InlineData(StateType.Scheduled, new[] { 1, 2, 3 })]
    public void An_edit_of_a_mapped_task_applies_to_its_children(StateType to, int[] again)
    {
        var (ran, isAsked) = (new List<int>(), false);
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2, 3 }).Add(new("m", TestFlow.Body(x =>
        {
            ran.Add((int)x[0].Value!);
            if (x[0].Value is 2 && !isAsked)
            {
                isAsked = true;
                throw RecordingHandler.Signal(StateType.Paused, "asks", endsRun: false);
            }

            return x[0].Value;
        }))
        { Map = [new("x", "list")] });
        var run = flow.RunAll();
        Assert.Equal(StateType.Paused, run.Of("m").Children[1].StateType);
        ran.Clear();

        run = new StateEdit
        {
            Chooses = (task, child, _, _) => child is null && task.Name == "m",
            To = to,
            Change = (_, state, _, isStale) => state.Edit(to, message: null, isStale),
        }.Of(run);

        Assert.Equal(StateType.Mapped, run.Of("m").StateType);
        Assert.Equal(again.Select(x => x - 1), Enumerable.Range(0, 3).Where(child => run.Of("m").Children[child].StateType == to));
        run = flow.RunAll(flow.Travel(run));
        Assert.Equal(again, ran);
        Assert.Equal(StateType.Success, run.StateType);
    }

    [Theory]
    [InlineData(true, new[] { "m", "m", "n", "n", "all" })]
    [InlineData(false, new[] { "m", "m" })]
    public void Downstream_tasks_of_postponed_children_run_again_if_included(bool includesDownstream, string[] ran)
    {
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2 })
            .Add(new("m", TestFlow.Body(x => x[0].Value)) { Map = [new("x", "list")] })
            .Add(new("n", TestFlow.Body(x => x[0].Value)) { Map = [new("x", "m")] })
            .Add(new("all", TestFlow.Body(x => x[0].Value)) { InputFrom = [new("x", "n")] });
        var run = flow.RunAll();
        flow.Ran.Clear();

        run = new StateEdit
        {
            Chooses = (task, child, _, _) => child is null && task.Name == "m",
            To = StateType.Scheduled,
            Change = (_, state, _, isStale) => state.Edit(StateType.Scheduled, message: null, isStale),
            IncludesDownstream = includesDownstream,
        }.Of(run);
        run = flow.RunAll(flow.Travel(run));

        Assert.Equal(ran, flow.Ran);
        Assert.Equal(StateType.Success, run.StateType);
    }

    private static FlowOptions Takes(params string[] names) => new()
    {
        Parameters = new ParameterDefaults([.. names.Select(name => new KeyValuePair<string, object?>(name, null))]),
    };

    private static FlowState RunAll(TestFlow flow, FlowState run, int throttle) => throttle == 1
        ? flow.RunAll(run)
        : StepRunner.Run(
            run, new() { Budget = new() { Throttle = new(throttle) }, Pool = new ThreadPoolBodies() }, cancellationToken: TestContext.Current.CancellationToken);

    private static FlowState Reset(FlowState run, Func<FlowTask, State, bool> chooses, bool includesDownstream = true) =>
        new StateEdit
        {
            Chooses = (task, _, state, _) => chooses(task, state),
            To = StateType.Pending,
            Change = (_, state, _, isStale) => state.Reset(message: null, isStale),
            IncludesDownstream = includesDownstream,
        }.Of(run);
}
