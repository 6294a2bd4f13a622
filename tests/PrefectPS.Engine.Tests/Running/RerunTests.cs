using System.Text;
using PrefectPS.Caching;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>A task with an existing target runs again if its inputs or code changed since.</summary>
public class RerunTests
{
    private static readonly RerunPolicy Both = new() { OnScript = true, OnInput = true, Inputs = ["x"] };

    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("one", 1, null)]
    [InlineData("two", 1, "its script has changed")]
    [InlineData("one", 2, "its inputs have changed")]
    [InlineData("two", 2, "its script has changed, and its inputs have changed")]
    public void A_changed_script_or_input_reruns_the_task_and_the_plan_says_which(string script, int input, string? expected)
    {
        Assert.Equal(StateType.Success, Make("one", 1).RunAll().StateType);
        Assert.Equal(StateType.Cached, Make("one", 1).RunAll().Of("made").StateType);

        var flow = Make(script, input);
        Assert.Equal(
            expected is null ? "made: Cached (Result found at task target made.json)" : $"made: Run ({expected} since its target made.json was made)", Plan(flow));
        Assert.Equal(expected is null ? StateType.Cached : StateType.Success, flow.RunAll().Of("made").StateType);
        var again = Make(script, input).RunAll().Of("made");
        Assert.Equal((StateType.Cached, expected is null ? "one 1" : $"{script} {input}"), (again.StateType, again.Result));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Only_the_chosen_changes_count(bool onScript, bool onInput)
    {
        var policy = Both with { OnScript = onScript, OnInput = onInput };
        Make("one", 1, policy).RunAll();
        Assert.Equal(onScript ? StateType.Success : StateType.Cached, Make("two", 1, policy).RunAll().Of("made").StateType);
        Assert.Equal(onInput ? StateType.Success : StateType.Cached, Make(onScript ? "two" : "one", 2, policy).RunAll().Of("made").StateType);
    }

    [Fact]
    public async Task A_target_written_by_others_counts_as_unrecorded()
    {
        await _store.WriteAsync("made.json", "\"by hand\""u8.ToArray(), WriteCondition.Always, Stop);
        Assert.Equal((StateType.Cached, "by hand"), Make("one", 1).RunAll().Of("made") is var found ? (found.StateType, found.Result) : default);

        await _store.DeleteAsync("made.json", version: null, Stop);
        Make("one", 1).RunAll();
        await _store.WriteAsync("made.json", "\"mended\""u8.ToArray(), WriteCondition.Always, Stop);
        Assert.Equal("mended", Make("two", 2).RunAll().Of("made").Result);
        Assert.Equal("mended", Encoding.UTF8.GetString(_store.ReadAll("made.json", Stop)!).Trim('"'));
    }

    [Fact]
    public void A_target_written_before_RerunOn_counts_as_unrecorded()
    {
        Make("one", 1, policy: null).RunAll();
        Assert.Equal(StateType.Cached, Make("two", 2).RunAll().Of("made").StateType);
    }

    [Fact]
    public void A_flow_without_RerunOn_has_no_overhead_and_records_are_small()
    {
        Make("one", 1, policy: null).RunAll();
        Assert.Equal(["made.json"], Paths());
        Make("one", 1, policy: null).RunAll();
        Assert.Equal(["made.json"], Paths());
        _store.DeleteAsync("made.json", version: null, Stop).Wait();
        for (var i = 0; i < 10; i++)
            Make($"script {i}", i).RunAll();
        Assert.Equal(2, Paths().Count);
        Assert.InRange(_store.ReadAll(Record(), Stop)!.Length, 100, 700);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("""{"version":1,"target":"other.json","made":[]}""")]
    [InlineData("""{"version":1,"target":"made.json","made":[{"content":1}]}""")]
    public void A_damaged_record_is_ignored_and_replaced(string damaged)
    {
        Make("one", 1).RunAll();
        var record = Record();
        _store.WriteAll(record, Encoding.UTF8.GetBytes(damaged), Stop);
        Assert.Equal(StateType.Cached, Make("two", 1).RunAll().Of("made").StateType);
        _store.DeleteAsync("made.json", version: null, Stop).Wait();
        Make("two", 1).RunAll();
        Assert.Equal(StateType.Success, Make("three", 1).RunAll().Of("made").StateType);
    }

    [Fact]
    public void A_record_of_a_later_version_is_left_untouched()
    {
        Make("one", 1).RunAll();
        var later = """{"version":2,"target":"made.json","content":"?"}"""u8.ToArray();
        _store.WriteAll(Record(), later, Stop);
        _store.DeleteAsync("made.json", version: null, Stop).Wait();
        Make("two", 1).RunAll();
        Assert.Equal(later, _store.ReadAll(Record(), Stop));
    }

    [Fact]
    public void A_target_killed_at_any_write_is_rewritten_by_the_next_run()
    {
        for (var call = 1; ; call++)
        {
            var store = RecordedFlowExtensions.NewStore();
            Make("one", 1, Both, store).Recorded().Step("first");
            var dying = new DyingStore(store, call, isAfter: call % 2 == 0);
            try
            {
                Make("two", 1, Both, dying).Recorded().Step("second");
                dying.HasEnded = true;
                Assert.True(call > 5);
                return;
            }
            catch (ProcessKilledException)
            {
            }

            var run = Make("two", 1, Both, store).Recorded().Step("second");
            Assert.Equal((StateType.Success, "two 1"), (run.StateType, run.Of("made").Result));
            Assert.Equal((StateType.Cached, "two 1"), Make("two", 1, Both, store).RunAll().Of("made") is var taken ? (taken.StateType, taken.Result) : default);
            Assert.Equal(StateType.Success, Make("three", 1, Both, store).RunAll().Of("made").StateType);
        }
    }

    [Fact]
    public void A_target_written_by_another_during_the_body_is_not_replaced()
    {
        Make("one", 1).RunAll();
        var flow = Make("two", 1);
        flow.Begins = _ => _store.WriteAll("made.json", "\"by hand\""u8.ToArray(), Stop);
        Assert.Equal((StateType.Cached, "by hand"), flow.RunAll().Of("made") is var taken ? (taken.StateType, taken.Result) : default);
    }

    [Fact]
    public void A_retry_rewrites_it_and_secret_or_unserializable_inputs_are_ignored()
    {
        Make("one", 1).RunAll();
        var tries = 0;
        var body = TestFlow.Body((_, _) => ++tries < 3 ? throw new InvalidOperationException("no") : "third", "two");
        var flow = new TestFlow(options: new() { Store = _store }).Add(new("made", body)
        {
            Target = "made.json",
            Rerun = Both,
            Retry = new() { MaxRetries = 2, Delays = [TimeSpan.FromMinutes(1)] },
        });
        var run = flow.Step(flow.New());
        for (var i = 0; i < 2; i++)
        {
            flow.Clock.Advance(TimeSpan.FromMinutes(1));
            run = flow.Travel(flow.Step(flow.Travel(run)));
        }

        Assert.Equal((StateType.Success, "third"), (run.Of("made").StateType, run.Of("made").Result));

        var odd = Make("odd", new Func<int>(() => 1), store: RecordedFlowExtensions.NewStore());
        Assert.Equal(StateType.Success, odd.RunAll().Of("made").StateType);
        Assert.Equal(StateType.Cached, odd.RunAll().Of("made").StateType);
    }

    [Fact]
    public void Each_child_has_its_own_record()
    {
        TestFlow Make(params object[] list) => new TestFlow(options: new() { Store = _store }).Task("list", _ => list).Add(
            new("each", TestFlow.Body((_, arguments) => $"{arguments[0].Value}", "script")) { Map = [new("x", "list")], Target = "each.json", Rerun = Both });
        Make("a", "b").RunAll();
        Assert.Equal([StateType.Cached, StateType.Success], Make("a", "c").RunAll().Of("each").Children.Select(child => child.StateType));
    }

    [Fact]
    public void A_subflow_with_a_changed_script_runs_again_across_steps()
    {
        TestFlow Make(string script)
        {
            var flow = new TestFlow(options: new() { Store = _store });
            var body = TestFlow.Body((_, _) => script, script);
            var inner = new TestFlow("inner", clock: flow.Clock).Add(new("x", body)).Add(new("y", body) { After = ["x"] });
            flow.Flow.Add(new("sub", null) { Subflow = inner.Flow, Target = "sub.json", Rerun = Both });
            return flow;
        }

        Make("one").RunAll();
        Assert.Equal(StateType.Cached, Make("one").RunAll().Of("sub").StateType);
        var steps = Make("two").RunInSteps(1);
        Assert.Equal((2, StateType.Success), (steps.Count, steps[^1].Of("sub").StateType));
        Assert.Equal(StateType.Cached, Make("two").RunAll().Of("sub").StateType);
    }

    [Fact]
    public void A_target_older_than_a_source_file_is_rewritten_without_a_record()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TestFlow.Start);
        var store = new ClockedStore(_store, clock);
        var files = new Files();
        var policy = new RerunPolicy { Files = files };
        Make("one", 1, policy, store).RunAll();
        Assert.Equal(["made.json"], Paths());
        store.Date("made.json", TestFlow.Start);
        files.Written = TestFlow.Start;
        Assert.Equal(StateType.Cached, Make("two", 2, policy, store).RunAll().Of("made").StateType);
        files.Written = TestFlow.Start.AddSeconds(1);
        Assert.Equal("made: Run (source file a.csv was written since its target made.json was made)", Plan(Make("one", 1, policy, store)));
        Assert.Equal("two 2", Make("two", 2, policy, store).RunAll().Of("made").Result);
        files.IsMissing = true;
        Assert.Equal(StateType.Failed, Make("two", 2, policy, store).RunAll().Of("made").StateType);
    }

    [Fact]
    public void A_plan_detects_changes_that_do_not_depend_on_pending_results()
    {
        TestFlow Make(string script) => new TestFlow(options: new() { Store = _store }).Task("x", _ => 1).Add(
            new("made", TestFlow.Body((_, arguments) => $"{arguments[0].Value}", script)) { InputFrom = [new("x", "x")], Target = "made.json", Rerun = Both });
        Make("one").RunAll();
        Assert.Equal("made: Unknown (what happens depends on the result of 'x', which does not exist yet)", Plan(Make("one"), 1));
        Assert.Equal("made: Run (its script has changed since its target made.json was made)", Plan(Make("two"), 1));
    }

    [Fact]
    public void RerunOn_without_a_target_is_rejected_at_definition()
    {
        var options = new TaskOptions("a", TestFlow.Body(_ => 1)) { Rerun = Both };
        Assert.Contains("about a target", Assert.Throws<FlowException>(() => new TestFlow().Add(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cleanup_deletes_the_records_of_missing_targets()
    {
        Make("one", 1).RunAll();
        new CacheCleanup(_store, DateTimeOffset.MaxValue).Clean();
        Assert.Equal(2, Paths().Count);
        _store.DeleteAsync("made.json", version: null, Stop).Wait();
        new CacheCleanup(_store, DateTimeOffset.MaxValue).Clean();
        Assert.Empty(Paths());
    }

    private static string Plan(TestFlow flow, int task = 0) => $"{StepPlanner.Plan(flow.New(), new(), Stop)[task]}";

    private string Record() => Paths().Single(path => path.StartsWith(TargetRecords.Root, StringComparison.Ordinal));

    private List<string> Paths() => [.. _store.ListAsync(string.Empty, Stop).Wait().Select(entry => entry.Path)];

    private TestFlow Make(string script, object input, RerunPolicy? policy, IFlowStore? store = null) => new TestFlow(options: new() { Store = store ?? _store }).Add(
        new("made", TestFlow.Body((_, arguments) => $"{script} {arguments[0].Value}", script)) { Arguments = [new("x", input)], Target = "made.json", Rerun = policy });

    private TestFlow Make(string script, object input, IFlowStore? store = null) => Make(script, input, Both, store);

    private sealed class Files : ISourceFiles
    {
        public DateTimeOffset Written { get; set; } = TestFlow.Start;

        public bool IsMissing { get; set; }

        public IReadOnlyList<string> Names => ["a.csv"];

        public string? FindNewer(DateTimeOffset time) => IsMissing ? throw FlowErrors.TaskInvalid("made", "its source file a.csv is not there") : Written > time ? "a.csv" : null;
    }
}
