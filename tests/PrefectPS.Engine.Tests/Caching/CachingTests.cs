using PrefectPS.Caching;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Caching;

public sealed class CachingTests : IDisposable
{
    private static readonly CachePolicy Hour = new(TimeSpan.FromHours(1));
    private static readonly string[] X = ["x"];
    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cached_result_is_reused_until_it_expires(bool hasStore)
    {
        var flow = hasStore ? InStore() : new TestFlow();
        flow.Add(Cached("a", _ => flow.Ran.Count));

        Assert.Equal(1, flow.RunAll().Of("a").Result);
        flow.Clock.Advance(TimeSpan.FromMinutes(59));
        var hit = flow.RunAll().Of("a");
        Assert.Equal((StateType.Cached, "Task run succeeded.", 1), (hit.StateType, hit.Message, (int)hit.Result!));
        Assert.Equal((TestFlow.Start.AddHours(1), (TimeSpan?)null), (hit.CachedUntil, hit.Duration));

        flow.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, flow.RunAll().Of("a").Result);
        Assert.Equal(TestFlow.Start.AddHours(2), flow.RunAll().Of("a").CachedUntil);
        Assert.Equal(2, flow.Ran.Count);
    }

    [Fact]
    public void A_store_caches_results_for_the_next_process()
    {
        InStore().Add(Cached("a", _ => "made")).RunAll();
        var next = InStore().Add(Cached("a", _ => "made")).Task("b", arguments => arguments.Count);
        Assert.Equal("made", next.RunAll().Of("a").Result);
        Assert.Equal(["b"], next.Ran);
    }

    [Fact]
    public void Without_a_store_the_session_caches_result_objects()
    {
        var made = new object();
        var session = new SessionCache();
        Assert.Same(made, Flow().RunAll().Of("a").Result);
        var next = Flow();
        Assert.Same(made, next.RunAll().Of("a").Result);
        Assert.Empty(next.Ran);

        TestFlow Flow() => new TestFlow(session: session).Add(Cached("a", _ => made));
    }

    [Fact]
    public void With_NoCheckpoint_results_are_cached_in_the_session()
    {
        var flow = InStore().Add(Cached("a", _ => 1) with { Checkpoints = false });
        flow.RunAll();
        Assert.Equal(StateType.Cached, flow.RunAll().Of("a").StateType);
        Assert.Equal(["a"], flow.Ran);
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void State_handlers_see_that_a_result_is_cached_and_used()
    {
        var handler = new RecordingHandler();
        var flow = new TestFlow(options: new() { StateHandlers = [handler] }).Add(Cached("a", _ => 1));
        flow.RunAll();
        flow.RunAll();
        Assert.Equal(
            ["a: Pending->Running: Starting task run.", "a: Running->Success: Task run succeeded.", "a: Success->Cached: Task run succeeded.",
                "a: Pending->Cached: Task run succeeded."],
            handler.Changes);
    }

    [Theory]
    [InlineData(StateType.Failed)]
    [InlineData(StateType.Skipped)]
    public void Only_results_of_bodies_that_succeeded_are_cached(StateType ends)
    {
        var flow = new TestFlow().Add(Cached("a", _ => throw RecordingHandler.Signal(ends, "no")));
        flow.RunAll();
        Assert.Equal(ends, flow.RunAll().Of("a").StateType);
        Assert.Equal(2, flow.Ran.Count);
    }

    [Fact]
    public void A_handler_that_turns_a_success_into_a_failure_prevents_caching()
    {
        var handler = new RecordingHandler((_, @new) => @new.StateType == StateType.Success ? @new.With(new(StateType.Failed, "not good")) : null);
        var flow = new TestFlow().Add(Cached("a", _ => 1) with { StateHandlers = [handler] });
        flow.RunAll();
        Assert.Equal(StateType.Failed, flow.RunAll().Of("a").StateType);
        Assert.Equal(2, flow.Ran.Count);
    }

    [Fact]
    public void A_null_result_is_cached()
    {
        var flow = InStore().Add(Cached("a", _ => null));
        flow.RunAll();
        var hit = flow.RunAll().Of("a");
        Assert.Equal((StateType.Cached, null), (hit.StateType, hit.Result));
        Assert.Single(flow.Ran);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public void Row_g_cached_tasks_end_with_any_budget_and_none_runs_twice(int budget, int steps)
    {
        var flow = new TestFlow().Add(Cached("a", _ => 1)).Add(Cached("b", _ => 2) with { After = ["a"] }).Add(Cached("c", _ => 3) with { After = ["b"] });
        var runs = flow.RunInSteps(budget);
        Assert.Equal(steps, runs.Count);
        Assert.All(runs[^1].Types(), type => Assert.Equal(StateType.Cached, type));
        Assert.Equal(["a", "b", "c"], flow.Ran);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_child_is_cached_by_its_element(bool hasStore)
    {
        object[] list = [1, 2];
        var flow = hasStore ? InStore() : new TestFlow();
        flow.Task("list", _ => list).Add(Cached("each", arguments => 10 * (int)arguments[0].Value!) with { Map = [new("x", "list")] });
        Assert.Equal([10, 20], (object[])flow.RunAll().Of("each").Result!);

        list = [2, 3, 1];
        flow.Ran.Clear();
        var run = flow.RunAll();
        Assert.Equal([20, 30, 10], (object[])run.Of("each").Result!);
        Assert.Equal(["list", "each"], flow.Ran);
    }

    [Fact]
    public void A_hashtable_is_equal_regardless_of_the_order_of_its_entries()
    {
        object value = Table(Enumerable.Range(1, 50), capacity: 1);
        var flow = new TestFlow().Task("in", _ => value)
            .Add(Cached("a", _ => 1, Hour with { Inputs = X }) with { InputFrom = [new("x", "in")] });
        flow.RunAll();
        value = Table(Enumerable.Range(1, 50).Reverse(), capacity: 1000); // 50 keys enumerate in a different order there
        flow.RunAll();
        Assert.Equal(["in", "a", "in"], flow.Ran);
    }

    private static System.Collections.Hashtable Table(IEnumerable<int> numbers, int capacity)
    {
        var table = new System.Collections.Hashtable(capacity, StringComparer.OrdinalIgnoreCase);
        foreach (var number in numbers)
            table[$"key{number}"] = number;
        return table;
    }

    [Fact]
    public void Files_are_equal_by_content_not_by_path()
    {
        string Write(string name, string content)
        {
            var file = Path.Combine(Directory.CreateDirectory(_folder).FullName, name);
            File.WriteAllText(file, content);
            return file;
        }

        var value = new FileInfo(Write("one.csv", "a,b"));
        var flow = new TestFlow().Task("in", _ => value)
            .Add(Cached("a", _ => 1, Hour with { Inputs = X }) with { InputFrom = [new("x", "in")] });
        flow.RunAll();
        value = new(Write("two.csv", "a,b"));
        flow.RunAll();
        Assert.Equal(["in", "a", "in"], flow.Ran);
        File.WriteAllText(value.FullName, "c,d");
        flow.RunAll();
        Assert.Equal(["in", "a", "in", "in", "a"], flow.Ran);
    }

    [Fact]
    public void A_task_with_a_changed_body_runs_again()
    {
        var session = new SessionCache();
        new TestFlow(session: session).Add(Cached("a", _ => 1)).RunAll();
        var changed = new TestFlow(session: session, source: "another").Add(Cached("a", _ => 2));
        Assert.Equal(2, changed.RunAll().Of("a").Result);
    }

    [Fact]
    public void Tasks_that_share_a_key_share_results_across_flows()
    {
        InStore("one").Add(Cached("a", _ => "shared", Hour with { Key = "rates" })).RunAll();
        var other = InStore("other", source: "another").Add(Cached("b", _ => "own", Hour with { Key = "rates" }));
        Assert.Equal("shared", other.RunAll().Of("b").Result);

        var stranger = InStore("other").Add(Cached("a", _ => "own"));
        Assert.Equal("own", stranger.RunAll().Of("a").Result);
    }

    [Fact]
    public void A_result_taken_from_the_cache_does_not_change_when_the_entry_is_replaced()
    {
        var count = 0;
        var flow = InStore().Add(Cached("a", _ => $"made {++count}"));
        flow.RunAll();
        var old = flow.Travel(flow.RunAll());
        flow.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal("made 2", flow.RunAll().Of("a").Result);
        Assert.Equal("made 1", old.Of("a").Result);
    }

    [Theory]
    [InlineData("no JSON", "The cache entry 'cache/tasks/flow/a/")]
    [InlineData("""{"version":1,"message":"m","cached_result_expiration":"2030-01-01T00:00:00Z","location":"../../outside.json"}""", "The cache entry 'cache/tasks/flow/a/")]
    [InlineData("""{"version":1,"message":"m","cached_result_expiration":"2030-01-01T00:00:00Z","location":"gone.json"}""", null)]
    public void An_unusable_entry_does_not_fail_the_task_and_is_replaced(string content, string? warning)
    {
        var count = 0;
        var flow = InStore().Add(Cached("a", _ => ++count));
        flow.RunAll();
        File.WriteAllText(Directory.GetFiles(_folder, "entry.json", SearchOption.AllDirectories).Single(), content);

        var warnings = new List<string>();
        Assert.Equal(2, Run(flow, warnings).Of("a").Result);
        Assert.Equal(warning is null ? 0 : 1, warnings.Count);
        Assert.All(warnings, text => Assert.StartsWith($"The cache of task 'a' cannot be used: {warning}", text, StringComparison.Ordinal));
        Assert.Equal(2, Run(flow, warnings).Of("a").Result);
    }

    [Fact]
    public void A_cache_that_cannot_be_written_does_not_fail_the_task()
    {
        File.WriteAllText(Path.Combine(_folder, "cache"), "in the way");
        var flow = InStore().Add(Cached("a", _ => null));
        var warnings = new List<string>();
        Assert.Equal(StateType.Success, Run(flow, warnings).Of("a").StateType);
        Assert.All(warnings, text => Assert.StartsWith("The cache of task 'a' cannot be used", text, StringComparison.Ordinal));
        Assert.NotEmpty(warnings);
    }

    [Fact]
    public void A_result_that_depends_on_a_secret_is_not_cached()
    {
        var flow = InStore().Add(new("token", TestFlow.Body(_ => "secret")) { IsSensitive = true })
            .Add(Cached("a", _ => 1, Hour with { Inputs = X }) with { InputFrom = [new("x", "token")] });
        var warnings = new List<string>();
        Run(flow, warnings);
        Assert.Equal(StateType.Success, Run(flow, warnings).Of("a").StateType);
        Assert.Contains("Task 'a' is not cached: its input 'x' is a secret", warnings[0], StringComparison.Ordinal);
        Assert.Equal(2, warnings.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_secret_result_is_not_cached(bool hasStore)
    {
        var inner = new TestFlow("inner").Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true });
        var flow = (hasStore ? InStore() : new TestFlow()).Add(new("a", null) { Subflow = inner.Flow, Cache = Hour });

        Assert.Equal("hunter2", Assert.IsType<FlowSecret>(flow.RunAll().Of("a").Result).Reveal());
        Assert.Equal(StateType.Success, flow.RunAll().Of("a").StateType);
        Assert.Equal(2, inner.Ran.Count);
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_result_that_depends_on_a_secret_subflow_parameter_is_not_cached()
    {
        var inner = new TestFlow("inner", new() { Store = new FolderStore(_folder), Parameters = new ParameterDefaults([new("key", null)]) })
            .Add(Cached("a", _ => 1, Hour with { Parameters = ["key"] }));
        var flow = new TestFlow().Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
            .Add(new("sub", null) { Subflow = inner.Flow, InputFrom = [new("key", "token")] });
        var warnings = new List<string>();

        Run(flow, warnings);
        Run(flow, warnings);

        Assert.Equal(2, inner.Ran.Count);
        Assert.All(warnings, text => Assert.Contains("is not cached: the parameter 'key' is a secret", text, StringComparison.Ordinal));
        Assert.NotEmpty(warnings);
        Assert.False(Directory.Exists(Path.Combine(_folder, "cache")));
    }

    [Fact]
    public void A_cached_result_does_not_bypass_the_trigger()
    {
        var fails = false;
        var flow = new TestFlow().Task("up", _ => fails ? throw new InvalidOperationException("up") : null)
            .Add(Cached("a", _ => 1) with { After = ["up"] });
        flow.RunAll();
        fails = true;
        Assert.Equal(StateType.TriggerFailed, flow.RunAll().Of("a").StateType);
    }

    [Fact]
    public void A_cached_result_waits_for_approval_like_the_task()
    {
        var flow = new TestFlow().Add(Cached("a", _ => 1) with { Trigger = Trigger.Find("manual_only")! });
        var approved = flow.RunAll(flow.RunAll().Set("a", StateType.Resume));
        Assert.Equal(StateType.Cached, approved.Of("a").StateType);
        Assert.Equal(StateType.Paused, flow.RunAll().Of("a").StateType);
    }

    [Fact]
    public void Using_a_cached_result_is_free_of_budget()
    {
        var flow = new TestFlow().Add(Cached("a", _ => 1)).Task("b", "a");
        flow.RunAll();
        Assert.Equal([StateType.Cached, StateType.Success], flow.Step(flow.New(), maxTasks: 1).Types());
    }

    [Fact]
    public void A_subflow_is_cached_as_a_whole()
    {
        var inner = new TestFlow("inner").Task("i", _ => "made");
        var flow = InStore().Add(new("a", null) { Subflow = inner.Flow, Cache = Hour });
        flow.RunAll();
        Assert.Equal("made", flow.Travel(flow.RunAll()).Of("a").Result);
        Assert.Single(inner.Ran);
    }

    [Fact]
    public void A_document_keeps_the_expiry_of_a_cached_task()
    {
        var flow = new TestFlow().Add(Cached("a", _ => 1));
        var run = flow.RunAll();
        Assert.Equal(TestFlow.Start.AddHours(1), flow.Travel(run).Of("a").CachedUntil);
        Assert.Equal(TestFlow.Start.AddHours(1), FlowStateReader.Read(flow.Flow, PrefectWriter.Write(run)).Run.Of("a").CachedUntil);
    }

    [Fact]
    public void A_cached_task_does_not_use_the_flows_target()
    {
        var flow = new TestFlow(options: new() { Store = new FolderStore(_folder), Target = "{task_name}.json" }).Add(Cached("a", _ => 1)).Task("b", _ => 2);
        var run = flow.RunAll();
        Assert.StartsWith("cache/tasks/flow/a/", run.Of("a").ResultLocation, StringComparison.Ordinal);
        Assert.Equal("b.json", run.Of("b").ResultLocation);
    }

    public static TheoryData<string, string> Faults() => new()
    {
        { "sensitive", "a sensitive result is never written, so it is not cached" },
        { "target", "it is given both -Target and -CacheFor" },
        { "input", "-CacheValidator names 'x', which is not an existing input; there are none" },
        { "parameter", "-CacheValidator names 'p', which is not an existing parameter of its flow; there are none" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Options_that_conflict_with_caching_are_rejected_at_definition(string fault, string message)
    {
        var task = Cached("a", _ => 1);
        var error = Assert.Throws<FlowException>(() => InStore().Add(fault switch
        {
            "sensitive" => task with { IsSensitive = true },
            "target" => task with { Target = "a.json" },
            "input" => task with { Cache = Hour with { Inputs = X } },
            _ => task with { Cache = Hour with { Parameters = ["p"] } },
        }));
        Assert.Equal(FlowErrorId.TaskInvalid, error.Id);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static TaskOptions Cached(string name, Func<TaskArguments, object?> body, CachePolicy? policy = null) =>
        new(name, TestFlow.Body(body)) { Cache = policy ?? Hour };

    private static FlowState Run(TestFlow flow, List<string> warnings) =>
        StepRunner.Run(flow.New(), new() { Notices = new RecordingNotices(warnings) }, cancellationToken: TestContext.Current.CancellationToken);

    private TestFlow InStore(string name = "flow", string source = "delegate") =>
        new(name, new() { Store = new FolderStore(_folder) }, source: source);
}
