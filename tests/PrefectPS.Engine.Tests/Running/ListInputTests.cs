using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Tasks that are mapped over lists that no task makes, and inputs that are made of several tasks.</summary>
public class ListInputTests
{
    private static readonly FlowOptions WithList = new() { Parameters = new ParameterDefaults([new("Regions", new object[] { "eu", "us", "asia" })]) };

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(1, 3)]
    public void A_constant_is_mapped_over_child_by_child_through_documents(int maxTasks, int throttle)
    {
        var list = new object[] { "a", "b", "c" };
        var flow = Each(new(), [MapSource.Of("x", list)], "sum");
        list[0] = "changed"; // it is as it was defined
        var run = flow.New();
        while (run.HasPending)
            run = flow.Travel(flow.Step(run, selection: null, maxTasks, throttle));
        Assert.Equal(["a", "b", "c"], (object?[])run.Tasks[0].Result!);
        Assert.Equal("a+b+c", run.Tasks[1].Result);
        Assert.Equal(4, flow.Ran.Count);
    }

    [Fact]
    public void A_parameter_of_the_flow_is_mapped_over_and_each_run_has_its_own()
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
    public void Mapped_over_several_the_shortest_counts_and_a_task_that_failed_for_none()
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
    public void Flattened_it_goes_over_the_elements_of_the_elements()
    {
        var flow = new TestFlow();
        flow.Add(new("each", TestFlow.Body(a => a[0].Value)) { MapSources = [MapSource.Of("x", new object[] { new object[] { 1, 2 }, 3 })], Flatten = true });
        Assert.Equal([1, 2, 3], (object?[])flow.RunAll().Tasks[0].Result!);
    }

    [Fact]
    public void A_flow_that_runs_once_for_each_element_takes_it_as_its_parameter()
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("x", null)]) });
        inner.Add(new("say", TestFlow.Body(a => $"<{a[0].Value}>")) { Parameters = ["x"] });
        var flow = new TestFlow();
        flow.Add(new("s", Body: null) { Subflow = inner.Flow, MapSources = [MapSource.Of("x", new[] { 1, 2 })] });
        var run = flow.RunInSteps(1)[^1];
        Assert.Equal(["<1>", "<2>"], (object?[])run.Tasks[0].Result!);
    }

    [Fact]
    public void A_list_that_has_changed_since_is_mapped_again_and_tells()
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
    public void A_child_is_kept_in_a_cache_by_its_own_element(bool ofParameter)
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
    public void A_child_has_a_target_of_its_own_by_its_element()
    {
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore() });
        flow.Add(new("each", TestFlow.Body(a => a[0].Value)) { MapSources = [MapSource.Of("x", new[] { "eu", "us" })], Target = "{x}.json" });
        Assert.Equal(["eu.json", "us.json"], flow.RunAll().Tasks[0].Children.Select(child => child.ResultLocation));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(true)]
    public void What_is_no_list_is_refused_at_definition(object value) =>
        Assert.Equal(FlowErrorId.TaskInvalid, Assert.Throws<FlowException>(() => Each(new(), [MapSource.Of("x", value)])).Id);

    [Fact]
    public void An_unknown_parameter_is_refused_at_definition_with_those_that_there_are()
    {
        var e = Assert.Throws<FlowException>(() => Each(new(options: WithList), [MapSource.OfParameter("x", "Region")]));
        Assert.Equal(FlowErrorId.TaskInvalid, e.Id);
        Assert.Contains("there are Regions", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_of_several_tasks_is_an_array_in_their_order_through_documents()
    {
        var run = Gathering("b", "a", "m").RunInSteps(1)[^1];
        Assert.Equal("[B A [1 2]] -", run.Tasks.Single(task => task.Slug == "all").Result);
        Assert.Equal("[A] -", Gathering("a").RunAll().Tasks.Single(task => task.Slug == "all").Result);
    }

    [Fact]
    public void A_task_of_it_that_put_out_nothing_is_null_in_its_place()
    {
        var flow = new TestFlow().Task("a", _ => null).Task("b", _ => "B");
        flow.Add(new("all", TestFlow.Body(a => a[0].Value)) { Gathered = [new("all", ["a", "b"])] });
        Assert.Equal([null, "B"], (object?[])flow.RunAll().Tasks[2].Result!);
    }

    [Fact]
    public void A_secret_among_several_makes_the_input_one_and_is_made_again_where_it_is_lost()
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
    public void Tasks_of_several_inputs_are_upstream_and_unknown_ones_an_error()
    {
        var flow = Gathering("b", "a");
        Assert.Equal(["b", "a"], flow.Flow.Find("all")!.Upstream);
        Assert.Equal(FlowErrorId.TaskNotFound, Assert.Throws<FlowException>(() => Gathering("a", "x").Flow.Plan).Id);
        Assert.NotEqual(Gathering("a", "b").Flow.Plan.Fingerprint, flow.Flow.Plan.Fingerprint);
    }

    [Fact]
    public void A_flow_takes_several_results_as_one_parameter()
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("all", null)]) });
        inner.Add(new("say", TestFlow.Body(a => TaskSpec.Show(a[0].Value))) { Parameters = ["all"] });
        var flow = new TestFlow().Task("a", _ => "A").Task("b", _ => "B");
        flow.Add(new("s", Body: null) { Subflow = inner.Flow, Gathered = [new("all", ["a", "b"])] });
        Assert.Equal("[A B]", flow.RunInSteps(1)[^1].Tasks[2].Result);
    }

    // Mapped over lists, and summed up where that is wanted.
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
