using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Tasks mapped over constant lists, and inputs gathered from several tasks.</summary>
public class ListInputTests
{
    private static readonly FlowOptions WithList = new() { Parameters = new ParameterDefaults([new("Regions", new object[] { "eu", "us", "asia" })]) };

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(1, 3)]
    public void A_constant_list_is_mapped_child_by_child_through_documents(int maxTasks, int throttle)
    {
        var list = new object[] { "a", "b", "c" };
        var flow = Each(new(), [MapSource.Of("x", list)], "sum");
        list[0] = "changed"; // the definition keeps its copy
        var run = flow.New();
        while (run.HasPending)
            run = flow.Travel(flow.Step(run, selection: null, maxTasks, throttle));
        Assert.Equal(["a", "b", "c"], (object?[])run.Tasks[0].Result!);
        Assert.Equal("a+b+c", run.Tasks[1].Result);
        Assert.Equal(4, flow.Ran.Count);
    }

    [Fact]
    public void A_flow_parameter_is_mapped_per_run()
    {
        var flow = Each(new(options: WithList), [MapSource.OfParameter("x", "regions")], "sum");
        Assert.Equal("eu+us+asia", flow.RunAll().Tasks[1].Result);
        Assert.Equal("one", flow.RunAll(FlowState.New(flow.Flow, new Dictionary<string, object?> { ["Regions"] = "one" })).Tasks[1].Result);
        Assert.Equal(string.Empty, flow.RunAll(FlowState.New(flow.Flow, new Dictionary<string, object?> { ["Regions"] = null })).Tasks[1].Result);
        var number = flow.RunAll(FlowState.New(flow.Flow, new Dictionary<string, object?> { ["Regions"] = 5 }));
        Assert.Equal(StateType.Failed, number.Tasks[0].StateType);
        Assert.Contains("'Regions' is 5, which is not a list", number.Tasks[0].Error!.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Of_several_lists_the_shortest_counts_and_failed_tasks_are_ignored()
    {
        var flow = new TestFlow(options: WithList).Task("list", _ => new object[] { 1, 2 });
        flow.Add(new("each", TestFlow.Body(a => $"{a[0].Value}{a[1].Value}{a[2].Value}{a[3].Value}"))
        {
            Map = [new("n", "list")],
            Arguments = [new("k", "-")],
            MapSources = [MapSource.Of("x", new[] { "a", "b", "c" }), MapSource.OfParameter("r", "Regions")],
        });
        Assert.Equal(["1-aeu", "2-bus"], (object?[])flow.RunAll().Tasks[1].Result!);
    }

    [Fact]
    public void A_flattened_list_is_mapped_over_its_inner_elements()
    {
        var flow = new TestFlow();
        flow.Add(new("each", TestFlow.Body(a => a[0].Value)) { MapSources = [MapSource.Of("x", new object[] { new object[] { 1, 2 }, 3 })], Flatten = true });
        Assert.Equal([1, 2, 3], (object?[])flow.RunAll().Tasks[0].Result!);
    }

    [Fact]
    public void A_mapped_subflow_takes_the_element_as_its_parameter()
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("x", null)]) });
        inner.Add(new("say", TestFlow.Body(a => $"<{a[0].Value}>")) { Parameters = ["x"] });
        var flow = new TestFlow();
        flow.Add(new("s", Body: null) { Subflow = inner.Flow, MapSources = [MapSource.Of("x", new[] { 1, 2 })] });
        var run = flow.RunInSteps(1)[^1];
        Assert.Equal(["<1>", "<2>"], (object?[])run.Tasks[0].Result!);
    }

    [Fact]
    public void A_changed_list_is_mapped_again_with_a_warning()
    {
        var before = Each(new(), [MapSource.Of("x", new[] { 1, 2, 3 })], "sum");
        var run = before.Step(before.New(), maxTasks: 1, reset: true);
        var now = Each(new(), [MapSource.Of("x", new[] { 1, 2 })], "sum");
        var read = FlowStateReader.Read(now.Flow, FlowStateWriter.Write(run));
        Assert.Contains("changed: each", Assert.Single(read.Warnings), StringComparison.Ordinal);
        Assert.Equal("1+2", now.RunAll(read.Run).Tasks[1].Result);
        var other = Each(new(), [MapSource.Of("x", new[] { 1, 3 })], "sum");
        Assert.NotEqual(now.Flow.Plan.Fingerprint, other.Flow.Plan.Fingerprint);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_child_is_cached_by_its_own_element(bool ofParameter)
    {
        var flow = new TestFlow(options: WithList);
        flow.Add(new("each", TestFlow.Body(a => a[0].Value))
        {
            MapSources = [ofParameter ? MapSource.OfParameter("x", "Regions") : MapSource.Of("x", new[] { "eu", "us", "asia" })],
            Cache = new(TimeSpan.FromHours(1)),
        });
        flow.RunAll();
        Assert.Equal(["eu", "us", "asia"], (object?[])flow.RunAll().Tasks[0].Result!);
        Assert.Equal(3, flow.Ran.Count);
    }

    [Fact]
    public void A_childs_target_may_use_its_element()
    {
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore() });
        flow.Add(new("each", TestFlow.Body(a => a[0].Value)) { MapSources = [MapSource.Of("x", new[] { "eu", "us" })], Target = "{x}.json" });
        Assert.Equal(["eu.json", "us.json"], flow.RunAll().Tasks[0].Children.Select(child => child.ResultLocation));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(true)]
    public void A_non_list_is_rejected_at_definition(object value) =>
        Assert.Equal(FlowErrorId.TaskInvalid, Assert.Throws<FlowException>(() => Each(new(), [MapSource.Of("x", value)])).Id);

    [Fact]
    public void An_unknown_parameter_is_rejected_at_definition_listing_the_known_ones()
    {
        var e = Assert.Throws<FlowException>(() => Each(new(options: WithList), [MapSource.OfParameter("x", "Region")]));
        Assert.Equal(FlowErrorId.TaskInvalid, e.Id);
        Assert.Contains("the parameters are Regions", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gathered_input_is_an_array_in_task_order_through_documents()
    {
        var run = Gathering("b", "a", "m").RunInSteps(1)[^1];
        Assert.Equal("[B A [1 2]] -", run.Tasks.Single(task => task.Slug == "all").Result);
        Assert.Equal("[A] -", Gathering("a").RunAll().Tasks.Single(task => task.Slug == "all").Result);
    }

    [Fact]
    public void A_gathered_task_without_output_is_null_at_its_position()
    {
        var flow = new TestFlow().Task("a", _ => null).Task("b", _ => "B");
        flow.Add(new("all", TestFlow.Body(a => a[0].Value)) { Gathered = [new("all", ["a", "b"])] });
        Assert.Equal([null, "B"], (object?[])flow.RunAll().Tasks[2].Result!);
    }

    [Fact]
    public void A_gathered_secret_makes_the_input_secret_and_is_recomputed_if_lost()
    {
        var flow = new TestFlow();
        flow.Add(new("key", TestFlow.Body(_ => "hunter2-secret")) { IsSensitive = true });
        flow.Task("plain", _ => "plain");
        flow.Add(new("use", TestFlow.Body(a => throw new InvalidOperationException(TaskSpec.Show(a[0].Value)))) { Gathered = [new("all", ["plain", "key"])] });
        var run = flow.RunInSteps(1)[^1];
        Assert.Equal($"Error during execution of task: [plain {SecretMask.Mark}]", run.Tasks[2].Message);
        Assert.Equal(["key", "plain", "key", "use"], flow.Ran);
    }

    [Fact]
    public void Gathered_tasks_are_upstream_and_unknown_ones_an_error()
    {
        var flow = Gathering("b", "a");
        Assert.Equal(["b", "a"], flow.Flow.Find("all")!.Upstream);
        Assert.Equal(FlowErrorId.TaskNotFound, Assert.Throws<FlowException>(() => Gathering("a", "x").Flow.Plan).Id);
        Assert.NotEqual(Gathering("a", "b").Flow.Plan.Fingerprint, flow.Flow.Plan.Fingerprint);
    }

    [Fact]
    public void A_subflow_takes_a_gathered_input_as_one_parameter()
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("all", null)]) });
        inner.Add(new("say", TestFlow.Body(a => TaskSpec.Show(a[0].Value))) { Parameters = ["all"] });
        var flow = new TestFlow().Task("a", _ => "A").Task("b", _ => "B");
        flow.Add(new("s", Body: null) { Subflow = inner.Flow, Gathered = [new("all", ["a", "b"])] });
        Assert.Equal("[A B]", flow.RunInSteps(1)[^1].Tasks[2].Result);
    }

    // Mapped over lists, and optionally summed up.
    private static TestFlow Each(TestFlow flow, MapSource[] lists, string? sum = null)
    {
        flow.Add(new("each", TestFlow.Body(arguments => arguments[0].Value)) { MapSources = lists });
        return sum is null ? flow : flow.Add(new(sum, TestFlow.Body(a => string.Join('+', ((object?[])a[0].Value!).Select(one => one?.ToString()))))
        {
            InputFrom = [new("all", "each")],
        });
    }

    private static TestFlow Gathering(params string[] tasks)
    {
        var flow = new TestFlow().Task("a", _ => "A").Task("b", _ => "B").Task("list", _ => new object[] { "1", "2" });
        flow.Add(new("m", TestFlow.Body(a => a[0].Value)) { Map = [new("x", "list")] });
        return flow.Add(new("all", TestFlow.Body(a => $"{TaskSpec.Show(a[0].Value)} {a[1].Value}")) { Gathered = [new("all", tasks)], Arguments = [new("k", "-")] });
    }
}
