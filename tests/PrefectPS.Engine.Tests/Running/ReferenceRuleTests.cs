using PrefectPS.Caching;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>What is easily missed of the reference engine, and of work that is done again.</summary>
public sealed class ReferenceRuleTests : IDisposable
{
    private static readonly ITrigger Manual = Trigger.Find("manual_only")!;
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("n"));

    public enum Form
    {
        Json,
        Compact,
        Prefect,
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Postponed_finished_work_runs_again_without_the_old_result(bool resetsFirst)
    {
        var runs = 0;
        var flow = new TestFlow(options: new() { Store = new PrefectPS.Storage.FolderStore(_folder) });
        flow.Add(new("t", TestFlow.Body(_ => ++runs)) { Target = "t.json" });
        flow.Add(new("list", TestFlow.Body(_ => new object[] { 1, 2 })));
        flow.Add(new("map", TestFlow.Body(_ => ++runs)) { Map = [new("x", "list")], Target = "{task_name}-{map_index}.json" });
        var done = flow.RunAll();
        Assert.Equal(3, runs);

        var put = resetsFirst ? Edit(done, StateType.Pending) : done;
        var again = flow.RunAll(flow.Travel(Edit(put, StateType.Scheduled)));

        Assert.Equal((StateType.Success, 6), (again.StateType, runs));
        Assert.Equal(4, again.Of("t").Result);
        Assert.Equal([5, 6], again.Of("map").Children.Select(child => child.Result));
    }

    [Fact]
    public void Finished_work_that_is_approved_runs_again()
    {
        var runs = 0;
        var flow = new TestFlow(options: new() { Store = new PrefectPS.Storage.FolderStore(_folder) });
        flow.Add(new("t", TestFlow.Body(_ => ++runs)) { Target = "t.json", Trigger = Manual });
        var done = flow.RunAll(Edit(flow.RunAll(), StateType.Resume));
        Assert.Equal(1, done.Of("t").Result);

        var again = flow.RunAll(flow.Travel(Edit(Edit(done, StateType.Pending), StateType.Resume)));

        Assert.Equal((StateType.Success, 2), (again.StateType, runs));
        Assert.Equal(2, again.Of("t").Result);
    }

    [Theory]
    [InlineData(StateType.Running)]
    [InlineData(StateType.Looped)]
    public void A_loop_ends_even_if_a_handler_cancels_like_a_budget(StateType cancelsAt)
    {
        var left = 0;
        var flow = new TestFlow().Add(new("loop", TestFlow.Body((context, _) => context.LoopCount < 4
            ? throw new FlowSignalException(new(StateType.Looped) { Result = TaskResult.Of($"{context.LoopResult}{context.LoopCount}") }, endsRun: false)
            : $"{context.LoopResult}{context.LoopCount}"))
        {
            StateHandlers = [new RecordingHandler((_, @new) => @new.StateType == cancelsAt && left-- <= 0
                ? throw RecordingHandler.Signal(StateType.Cancelled, "budget", endsRun: true)
                : null)],
        });
        var run = flow.New();
        for (var step = 0; run.StateType != StateType.Success; step++)
        {
            Assert.True(step < 10, "The loop does not end.");
            left = 1;
            run = flow.Travel(flow.Step(run, maxTasks: 10, reset: true));
        }

        Assert.Equal("1234", run.Of("loop").Result);
    }

    [Theory]
    [InlineData(Form.Json)]
    [InlineData(Form.Compact)]
    [InlineData(Form.Prefect)]
    public void A_task_that_ended_itself_Cancelled_is_over(Form form)
    {
        var flow = new TestFlow()
            .Add(new("own", TestFlow.Body(_ => throw RecordingHandler.Signal(StateType.Cancelled, "enough", endsRun: true))))
            .Task("other");
        var run = Travel(flow, flow.Step(flow.New(), maxTasks: 2, reset: true), form);
        var after = flow.Step(run, maxTasks: 2, reset: true);

        Assert.Equal(["own", "other"], flow.Ran);
        Assert.Equal((StateType.Cancelled, false, true), (after.StateType, after.HasPending, after.IsOver));
        Assert.False(StateEdit.IsFrom(after.Of("own").Inner, [StateType.Cancelled], isNamed: false));
        Assert.True(StateEdit.IsFrom(after.Of("own").Inner, [StateType.Cancelled], isNamed: true));
    }

    [Fact]
    public void A_run_with_a_failed_reference_task_is_Failed_though_another_ended_itself_Cancelled()
    {
        var failures = 0;
        var flow = new TestFlow(options: new() { FailureHandlers = [new Counter(() => failures++)] })
            .Add(new("own", TestFlow.Body(_ => throw RecordingHandler.Signal(StateType.Cancelled, "enough", endsRun: true))))
            .Task("bad", _ => throw new InvalidOperationException("bad"))
            .Task("last");
        var run = flow.Step(flow.New(), maxTasks: 2);
        Assert.Equal(StateType.Cancelled, run.StateType); // the budget's Cancelled is still to run
        Assert.Equal(StateType.Failed, flow.Step(flow.Travel(run), maxTasks: 2, reset: true).StateType);
        Assert.Equal(1, failures);
    }

    [Theory]
    [InlineData(StateType.Success, 1)]
    [InlineData(StateType.Failed, 1)]
    public void A_state_handler_that_throws_as_the_task_ends_fails_it_without_a_retry(StateType at, int runs)
    {
        var flow = new TestFlow().Add(new("t", TestFlow.Body(_ => at == StateType.Failed ? throw new InvalidOperationException("body") : 1))
        {
            Retry = new() { MaxRetries = 2 },
            StateHandlers = [new RecordingHandler((_, @new) => @new.StateType == at ? throw new InvalidOperationException("handler") : null)],
        });
        var run = flow.RunAll();
        Assert.Equal((StateType.Failed, StateMessages.HandlerFailed("handler"), runs), (run.StateType, run.Of("t").Message, flow.Ran.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(null)]
    public void With_Flatten_a_failed_or_skipped_child_affects_only_children_of_its_elements(int? maxTasks)
    {
        var flow = new TestFlow()
            .Task("list", _ => new object[] { 1, 2, 3 })
            .Add(new("map", TestFlow.Body(arguments => arguments[0].Value switch
            {
                1 => new object[] { "a", "b" },
                2 => throw new InvalidOperationException("two"),
                _ => throw RecordingHandler.Signal(StateType.Skipped, "three", endsRun: false),
            }))
            { Map = [new("x", "list")] })
            .Add(new("flat", TestFlow.Body(arguments => $"{arguments[0].Value}!")) { Map = [new("x", "map")], Flatten = true });
        var run = flow.New();
        do
            run = flow.Travel(flow.Step(run, maxTasks, reset: true));
        while (run.HasPending);
        Assert.Equal([StateType.Success, StateType.Success, StateType.TriggerFailed, StateType.Skipped], run.Of("flat").Children.Select(child => child.StateType));
        Assert.Equal(["a!", "b!", null, null], run.Of("flat").Children.Select(child => child.Result));
    }

    [Fact]
    public void A_mapped_task_in_a_foreign_document_without_children_is_mapped_again()
    {
        var flow = new TestFlow().Task("list", _ => new object[] { 1, 2 }).Add(new("map", TestFlow.Body(a => a[0].Value)) { Map = [new("x", "list")] }).Task("after", "map");
        const string Document = """
            [{"task":{"slug":"list","name":"list"},"state":{"type":"Success","message":null,"_result":{"type":"PrefectResult","location":"[1, 2]"}}},
             {"task":{"slug":"map","name":"map"},"state":{"type":"Mapped","message":null,"n_map_states":2}},
             {"task":{"slug":"after","name":"after"},"state":{"type":"Success","message":null}}]
            """;
        var run = FlowStateReader.Read(flow.Flow, System.Text.Encoding.UTF8.GetBytes(Document)).Run;
        Assert.True(run.HasPending);
        Assert.False(run.Of("map").IsFinished);
        Assert.Equal([1, 2], flow.RunAll(run).Of("map").Children.Select(child => Convert.ToInt32(child.Result, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void A_wrong_number_of_children_is_rejected_with_its_position()
    {
        var flow = new TestFlow().Task("list", _ => new object[] { 1, 2 }).Add(new("map", TestFlow.Body(a => a[0].Value)) { Map = [new("x", "list")] });
        var document = System.Text.Encoding.UTF8.GetString(FlowStateWriter.Write(flow.RunAll())).Replace("\"n_map_states\":2", "\"n_map_states\":3", StringComparison.Ordinal);
        var error = Assert.Throws<FlowException>(() => FlowStateReader.Read(flow.Flow, System.Text.Encoding.UTF8.GetBytes(document)));
        Assert.Equal(FlowErrorId.StateInvalid, error.Id);
        Assert.Contains("tasks[1]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_mapping_wins_over_children_left_in_a_context()
    {
        var flow = new TestFlow().Task("list", _ => new object[] { 1, 2 }).Add(new("map", TestFlow.Body(a => a[0].Value)) { Map = [new("x", "list")] });
        var document = System.Text.Encoding.UTF8.GetString(PrefectWriter.Write(flow.RunAll())).Replace("\"n_map_states\":2", "\"n_map_states\":3", StringComparison.Ordinal);
        var run = FlowStateReader.Read(flow.Flow, System.Text.Encoding.UTF8.GetBytes(document)).Run;
        Assert.Empty(run.Of("map").Children);
        Assert.True(run.HasPending);
    }

    [Theory]
    [InlineData(Form.Json)]
    [InlineData(Form.Compact)]
    [InlineData(Form.Prefect)]
    public void A_signal_without_a_result_cannot_be_mapped_and_no_output_is_an_empty_list(Form form)
    {
        var flow = new TestFlow()
            .Add(new("signal", TestFlow.Body(_ => throw RecordingHandler.Signal(StateType.Success, "done", endsRun: false))))
            .Task("nothing", _ => null)
            .Add(new("over signal", TestFlow.Body(_ => 1)) { Map = [new("x", "signal")] })
            .Add(new("over nothing", TestFlow.Body(_ => 1)) { Map = [new("x", "nothing")] });
        var run = flow.RunAll(Travel(flow, flow.Step(flow.New(), maxTasks: 2, reset: true), form));
        run = flow.RunAll(Travel(flow, run, form));
        Assert.Equal((StateType.Failed, StateMessages.Unmappable), (run.Of("over signal").StateType, run.Of("over signal").Message));
        Assert.Equal((StateType.Mapped, 0), (run.Of("over nothing").StateType, run.Of("over nothing").Children.Count));
    }

    [Fact]
    public void A_result_missing_in_the_document_is_null_with_one_warning()
    {
        var told = new List<string>();
        var flow = new TestFlow().Task("a", _ => 1).Add(new("b", TestFlow.Body(arguments => $"<{arguments[0].Value}>")) { InputFrom = [new("x", "a")] });
        var run = FlowStateReader.Read(flow.Flow, """[{"task":{"slug":"a"},"state":{"type":"Success","message":null}}]"""u8).Run;
        run = StepRunner.Run(run, new() { Notices = new Notices(told) }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("<>", run.Of("b").Result);
        Assert.Equal([StateMessages.ResultUnknown("b", "a")], told);
    }

    [Fact]
    public void A_state_replaced_by_a_handler_is_not_cached()
    {
        var session = new SessionCache();
        TestFlow Make() => new TestFlow(session: session).Add(new("t", TestFlow.Body(_ => 1))
        {
            Cache = new(TimeSpan.FromHours(1)),
            StateHandlers = [new RecordingHandler((_, @new) => @new.StateType == StateType.Success ? @new.With(@new.Inner with { Result = TaskResult.Of("other") }) : null)],
        });
        var first = Make().RunAll();
        var second = Make();
        second.RunAll();
        Assert.Equal((StateType.Success, "other"), (first.Of("t").StateType, first.Of("t").Result));
        Assert.Equal(["t"], second.Ran);
    }

    [Fact]
    public void A_failed_subflow_keeps_the_error_type_and_location_of_its_first_failed_task()
    {
        var runs = 0;
        var inner = new TestFlow("inner").Task("a", _ => runs++ == 0 ? throw new TimeoutException("late") : 1);
        var flow = new TestFlow().Add(new("sub", null)
        {
            Subflow = inner.Flow,
            Retry = new() { MaxRetries = 1, Filter = error => error?.ExceptionType == typeof(TimeoutException).FullName },
        });
        Assert.Equal((StateType.Success, 2), (flow.RunAll().StateType, runs));
    }

    [Fact]
    public void A_paused_task_keeps_its_attempt_number()
    {
        var flow = new TestFlow().Add(new("t", TestFlow.Body(_ => throw new InvalidOperationException())) { Trigger = Manual, Retry = new() { MaxRetries = 2 } });
        var run = flow.RunAll();
        for (var approvals = 0; run.StateType == StateType.Paused; approvals++)
        {
            Assert.True(approvals < 5, "It asks for ever.");
            run = flow.RunAll(flow.Travel(Edit(run, StateType.Resume)));
        }

        Assert.Equal((StateType.Failed, 3), (run.StateType, flow.Ran.Count));
    }

    [Fact]
    public void A_task_reset_while_its_subflow_waits_for_approval_waits_again()
    {
        var inner = new TestFlow("inner").Add(new("t", TestFlow.Body(_ => 1)) { Trigger = Manual });
        var flow = new TestFlow().Add(new("sub", null) { Subflow = inner.Flow });
        var run = flow.RunAll(Edit(flow.RunAll(), StateType.Pending));
        Assert.Equal((StateType.Paused, StateType.Paused, false), (run.StateType, run.Of("sub").StateType, run.HasPending));
    }

    private static FlowState Edit(FlowState run, StateType to) => new StateEdit
    {
        Chooses = (_, child, state, _) => child is null && state.Type is not StateType.Failed,
        To = to,
        Change = (_, state, _, isStale) => state.Edit(to, message: null, isStale),
    }.Of(run);

    private static FlowState Travel(TestFlow flow, FlowState run, Form form) => StateDocument.Read(
        flow.Flow,
        form switch
        {
            Form.Json => FlowStateWriter.Write(run),
            Form.Compact => CompactWriter.Write(run),
            _ => PrefectWriter.Write(run),
        },
        ReadingOptions.Default).Run;

    private sealed class Counter(Action count) : IRunFailureHandler
    {
        public void HandleFailure(FlowState run) => count();
    }
}
