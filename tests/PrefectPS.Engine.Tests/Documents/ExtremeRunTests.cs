using CsCheck;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Documents;

/// <summary>Whatever is written can be read back: runs with names, texts, values, numbers, times and depths at and beyond their limits.</summary>
public class ExtremeRunTests
{
    private static readonly Gen<(string Flow, string RunId, string[] Slugs, State[] States, int Step)> AnyRun =
        from name in ExtremeValues.GoodName
        from runId in ExtremeValues.GoodName.Where(id => id.Length <= Limits.MaxRunIdLength)
        from slugs in ExtremeValues.GoodName.Array[4]
        from states in ExtremeValues.State.Array[1, 4]
        from step in ExtremeValues.One(0, 1, Limits.MaxSteps)
        select (name, runId, slugs, states, step);

    [Fact]
    public void Any_run_of_extreme_values_round_trips() => AnyRun.Sample(
        given =>
        {
            var (flow, run) = RunOf(given);
            var document = FlowStateWriter.Write(run);
            AssertReadAs(run, FlowStateReader.Read(flow, document));
            AssertReadAs(run, FlowStateReader.Read(flow, Packing.Gunzip(FlowStateWriter.WritePacked(run, _ => { }).Content)));
            AssertReadAs(run, FlowStateReader.Read(flow, PrefectWriter.Write(run)), ofRun: false);
            AssertReadAs(run, StateDocument.Read(flow, CompactWriter.Write(run, matchBySlug: true, includeTimes: true), ReadingOptions.Default), isCompact: true);
        },
        iter: Series.Cases(500, 100_000));

    [Fact]
    public void Any_recorded_step_with_extreme_values_is_read_from_records_and_checkpoint() => AnyRun.Sample(
        given =>
        {
            var store = RecordedFlowExtensions.NewStore();
            var test = new TestFlow(given.Flow, new() { Store = store, Checkpoints = false });
            foreach (var (slug, state) in SlugsOf(given).Zip(given.States))
                test.Task(slug, _ => End(state));
            FlowState? midway = null;
            test.Task("the last one", _ => (midway = RecordedRuns.Read(test.Flow, given.RunId)) is null, [.. test.Flow.Tasks.Select(task => task.Slug)]);

            var run = test.Recorded(durability: FlowDurability.Task).Step(given.RunId);

            AssertSame(run, RecordedRuns.Read(test.Flow, given.RunId)!);
            var index = Assert.Single(store.AllRuns());
            Assert.Equal((given.Flow, given.RunId), (index.Flow, index.RunId));
            Assert.NotEmpty(RunHistory.Find(store, given.Flow, given.RunId)!.Changes);
            if (midway is null)
                return; // a task before it failed
            for (var task = 0; task < given.States.Length; task++)
                Assert.Equal(Written(run, task), Written(midway, task));
        },
        iter: Series.Cases(300, 100_000));

    [Fact]
    public void Any_definition_is_rejected_or_writable() => Gen.Select(ExtremeValues.Name, ExtremeValues.Name, ExtremeValues.Name, ExtremeValues.Value).Sample(
        (name, slug, parameter, value) =>
        {
            Flow flow;
            FlowState run;
            try
            {
                var test = new TestFlow(name, new() { Parameters = new ParameterDefaults([new(parameter, value)]) });
                flow = test.Add(new("task", TestFlow.Body(_ => null)) { Slug = slug, Tags = [name] }).Flow;
                run = FlowState.New(flow);
            }
            catch (FlowException e)
            {
                Assert.Contains(e.Id, new[] { FlowErrorId.FlowInvalid, FlowErrorId.TaskInvalid, FlowErrorId.ParameterInvalid });
                return;
            }

            AssertReadAs(run, FlowStateReader.Read(flow, FlowStateWriter.Write(run)));
        },
        iter: Series.Cases(500, 100_000));

    [Theory]
    [InlineData(Limits.MaxFlowDepth, false)]
    [InlineData(Limits.MaxFlowDepth, true)]
    [InlineData(2, true)]
    public void The_deepest_value_in_the_deepest_subflow_round_trips(int depth, bool isMapped)
    {
        object? value = "end";
        for (var i = 0; i < Limits.MaxValueDepth; i++)
            value = new[] { value };
        var (flow, run) = Nest(depth, isMapped, value);

        AssertReadAs(run, FlowStateReader.Read(flow, FlowStateWriter.Write(run)));
        AssertReadAs(run, FlowStateReader.Read(flow, PrefectWriter.Write(run)), ofRun: false);
        AssertReadAs(run, StateDocument.Read(flow, CompactWriter.Write(run, matchBySlug: false, includeTimes: true), ReadingOptions.Default), isCompact: true);
    }

    [Fact]
    public void Sixty_nested_subflows_are_rejected_in_any_order_of_definition()
    {
        var error = Assert.Throws<FlowException>(() => Nest(60, isMapped: false, value: 1));
        Assert.Equal(FlowErrorId.FlowInvalid, error.Id);
        Assert.Contains("more than 32 levels", error.Message, StringComparison.Ordinal);

        TestFlow[] flows = [.. Enumerable.Range(0, 60).Select(i => new TestFlow($"flow{i}"))];
        for (var i = 0; i < 59; i++)
            flows[i].Add(new("sub", Body: null) { Subflow = flows[i + 1].Flow });
        Assert.Equal(FlowErrorId.FlowInvalid, Assert.Throws<FlowException>(() => flows[0].New()).Id);
    }

    [Fact]
    public void A_subflow_used_by_many_tasks_is_counted_once()
    {
        var flow = new TestFlow("inner").Task("t");
        for (var i = 0; i < 25; i++)
            flow = new TestFlow($"f{i}").Add(new("a", Body: null) { Subflow = flow.Flow }).Add(new("b", Body: null) { Subflow = flow.Flow });
        Assert.Equal(26, FlowDepth.Of(flow.Flow));
    }

    [Fact]
    public void A_map_over_more_elements_than_a_document_holds_fails()
    {
        var flow = new TestFlow().Task("list", _ => new object?[Limits.MaxChildren + 1]);
        flow.Add(new("map", TestFlow.Body(_ => null)) { Map = [new("x", "list")] });
        var failed = flow.RunAll().Of("map");
        Assert.Equal(StateType.Failed, failed.StateType);
        Assert.Contains("1000001 elements", failed.Message!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_with_too_many_tasks_including_subflows_is_rejected()
    {
        var flow = new TestFlow("inner").Task("t");
        for (var i = 0; i < 21; i++)
            flow = new TestFlow($"f{i}").Add(new("a", Body: null) { Subflow = flow.Flow }).Add(new("b", Body: null) { Subflow = flow.Flow });
        Assert.Equal(FlowErrorId.FlowInvalid, Assert.Throws<FlowException>(() => flow.New()).Id);
    }

    [Theory]
    [InlineData(1_000, 2_001, true)]
    [InlineData(3, 2_001, false)]
    public void A_map_that_would_exceed_the_documents_tasks_fails_before_it_runs(int elements, int tasks, bool fails)
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("x", null)]) });
        for (var i = 0; i < tasks; i++)
            inner.Task($"t{i.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
        var flow = new TestFlow().Task("list", _ => new object?[elements]);
        flow.Add(new("small", TestFlow.Body(_ => null)) { Map = [new("x", "list")] });
        flow.Add(new("map", Body: null) { Subflow = inner.Flow, Map = [new("x", "list")], After = ["small"] });

        var map = flow.RunAll().Of("map");

        Assert.Equal(fails ? StateType.Failed : StateType.Mapped, map.StateType);
        Assert.Equal(fails ? 0 : elements * tasks, inner.Ran.Count);
        if (fails)
            Assert.Contains("2000000 tasks", map.Message!, StringComparison.Ordinal);
    }

    [Fact]
    public void Maps_in_subflows_count_together()
    {
        const int elements = 700_000;
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("x", null)]) }).Task("list", _ => new object?[elements]);
        inner.Add(new("map", TestFlow.Body(_ => null)) { Map = [new("x", "list")] });
        var flow = new TestFlow().Task("list", _ => new object?[3]);
        flow.Add(new("each", Body: null) { Subflow = inner.Flow, Map = [new("x", "list")] });

        var run = flow.RunAll();

        var maps = run.Of("each").Children.Select(child => child.Subflow!.Of("map")).ToArray();
        Assert.Equal([StateType.Mapped, StateType.Mapped, StateType.Failed], maps.Select(map => map.StateType));
        Assert.Contains("2000000 tasks", maps[2].Message!, StringComparison.Ordinal);
        Assert.Equal(2 * elements, inner.Ran.Count(name => name == "map"));
        Assert.Equal(run.State, flow.Travel(run).State);
    }

    [Fact]
    public void A_message_of_20_MB_is_truncated_with_a_marker_and_the_run_is_readable()
    {
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore() })
            .Task("thrown", _ => throw new InvalidOperationException(new string('x', 20 * 1024 * 1024)))
            .Task("control", _ => throw new InvalidOperationException(new string('\u0001', 3 * 1024 * 1024)))
            .Task("signal", _ => throw RecordingHandler.Signal(StateType.Failed, new string('y', 17 * 1024 * 1024)));

        var run = flow.Recorded().Step("run");

        AssertSame(run, RecordedRuns.Read(flow.Flow, "run")!);
        Assert.EndsWith("xxx… [cut: 20,971,520 characters in all]", run.Of("thrown").Error!.Message, StringComparison.Ordinal);
        Assert.EndsWith("y… [cut: 17,825,792 characters in all]", run.Of("signal").Message!, StringComparison.Ordinal);
        Assert.All(run.Tasks, task => Assert.Equal(Limits.MaxTextLength, task.Message!.Length));
    }

    [Fact]
    public void A_run_at_the_last_step_number_is_readable_and_takes_no_further_step()
    {
        var flow = new TestFlow().Task("t");
        var last = new FlowState(flow.Flow, flow.New().Identity with { Step = Limits.MaxSteps }, [State.NotRun]);
        var error = Assert.Throws<FlowException>(() => flow.Recorded().Step(flow.Travel(last)));
        Assert.Equal(FlowErrorId.StateInvalid, error.Id);
    }

    [Fact]
    public void Attempt_and_pass_saturate_at_the_last_number()
    {
        var flow = new TestFlow().Task("t");
        var run = flow.New().Change((_, _) => State.Read(StateType.Retrying, null, new() { Attempt = int.MaxValue, LoopCount = int.MaxValue }));
        Assert.Equal(int.MaxValue, flow.Travel(flow.Step(run)).Of("t").RunCount);
        Assert.Equal(int.MaxValue, run.States[0].NextPass().LoopCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_time_budget_can_be_recorded(bool isLong)
    {
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore() }).Task("t");
        flow.Recorded(time: isLong ? TimeSpan.MaxValue : TimeSpan.FromDays(30_000)).Step("run");
        Assert.Equal(StateType.Success, RecordedRuns.Read(flow.Flow, "run")!.Of("t").StateType);
        Assert.Equal(Limits.LongestTime, Assert.Single(RunHistory.Find(flow.Flow.Store!, "flow", "run")!.Steps).Budget);
    }

    private static string[] SlugsOf((string Flow, string RunId, string[] Slugs, State[] States, int Step) given) =>
        [.. given.Slugs.Take(given.States.Length).Select((slug, i) => given.Slugs.Take(i).Contains(slug, StringComparer.OrdinalIgnoreCase) ? $"t{i}" : slug)];

    private static (Flow Flow, FlowState Run) RunOf((string Flow, string RunId, string[] Slugs, State[] States, int Step) given)
    {
        var flow = new TestFlow(given.Flow);
        foreach (var slug in SlugsOf(given))
            flow.Task(slug);
        return (flow.Flow, new FlowState(flow.Flow, new(given.RunId, given.Step, TestFlow.Start, RunParameters.None), given.States));
    }

    // How a body ends in a given state, where it can.
    private static object? End(State state) => state.Error is { } error ? throw new TaskFailedException(error)
        : state.Type.IsFinished() && state.Message is not null ? throw new FlowSignalException(new(state.Type, state.Message) { Result = state.Result }, endsRun: true)
        : state.Result?.Value;

    private static (Flow Flow, FlowState Run) Nest(int depth, bool isMapped, object? value)
    {
        var options = new FlowOptions { Parameters = new ParameterDefaults([new("x", null)]) };
        var innermost = new TestFlow($"f{depth}", options).Task("t");
        var (flow, run) = (innermost.Flow, new FlowState(innermost.Flow, Info(depth), [Success(value)]));
        for (var i = depth - 1; i > 0; i--)
        {
            var outer = new TestFlow($"f{i}", options).Task("list");
            outer.Add(new("t", Body: null) { Subflow = flow, Map = isMapped ? [new("x", "list")] : [] });
            var state = Success(value).WithSubflow(run);
            run = new(outer.Flow, Info(i), [Success(value), isMapped ? new State(StateType.Mapped) { Children = [state] } : state]);
            flow = outer.Flow;
        }

        return (flow, run);

        static State Success(object? value) => new(StateType.Success, StateMessages.Succeeded) { Result = TaskResult.Of(value), Started = TestFlow.Start, Ended = TestFlow.Start };

        static RunIdentity Info(int i) => new($"run{i}", 1, TestFlow.Start, new Dictionary<string, object?> { ["x"] = 1 });
    }

    private static void AssertReadAs(FlowState run, DecodedState read, bool ofRun = true, bool isCompact = false)
    {
        Assert.Empty(read.Warnings);
        if (ofRun)
            Assert.Equal((run.RunId, run.Step, run.StartTime), (read.Run.RunId, read.Run.Step, read.Run.StartTime));
        AssertSame(run, read.Run, isCompact);
    }

    private static void AssertSame(FlowState run, FlowState read, bool isCompact = false)
    {
        Assert.Equal(run.Tasks.Select(Said), read.Tasks.Select(Said));
        for (var task = 0; task < run.States.Length; task++)
            Assert.Equal(Written(run, task, isCompact), Written(read, task, isCompact));
    }

    private static (string, StateType, string?, TaskError?, int, int) Said(FlowTaskState task) =>
        (task.Slug, task.StateType, task.Message, task.Error is null ? null : task.Error with { Exception = null }, task.RunCount, task.Inner.LoopCount);

    // Values are equal if they serialize equally; compact documents have millisecond times.
    private static string Written(FlowState run, int task, bool isCompact = false) => System.Text.Encoding.UTF8.GetString(JsonStyle.ToBytes(json =>
    {
        var state = run.States[task];
        FlowStateWriter.WriteTask(json, run.Flow.Plan.Tasks[task], isCompact ? WithoutTimes(state) : state, run.StartTime, run.Flow.Services.Values);
    }));

    private static State WithoutTimes(State state) => state with { Started = null, Ended = null, Children = state.Children?.Select(WithoutTimes).ToArray() };
}
