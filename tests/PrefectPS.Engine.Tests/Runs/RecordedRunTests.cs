using System.Text.Json.Nodes;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>Runs that are on record in a store: each step is taken by a flow that knows nothing but the store.</summary>
public class RecordedRunTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    [Fact]
    public void A_run_continues_where_the_previous_step_left_it()
    {
        var ran = new List<string>();
        FlowState run;
        var steps = 0;
        do
        {
            var flow = Chain();
            run = flow.Recorded(maxTasks: 1).Resume();
            ran.AddRange(flow.Ran);
            Assert.Equal(++steps, run.Step);
        }
        while (run.HasPending);

        Assert.Equal(["a", "b", "c"], ran);
        Assert.Equal(3, steps);
        Assert.Equal("a then b then c", run.Tasks[2].Result);
    }

    [Fact]
    public void Without_an_unfinished_run_a_new_one_begins()
    {
        var first = Chain().Recorded().Resume();
        var flow = Chain();
        var second = flow.Recorded(maxTasks: 1).Resume();
        Assert.Equal(StateType.Success, first.StateType);
        Assert.Equal(["a"], flow.Ran);
        Assert.NotEqual(first.RunId, second.RunId);
    }

    [Fact]
    public void The_newest_unfinished_run_continues_first()
    {
        Chain().Recorded(maxTasks: 1).Step("1");
        var later = Chain();
        later.Clock.Advance(TimeSpan.FromHours(1));
        later.Recorded(maxTasks: 1).Step("2");
        Assert.Equal("2", Chain().Recorded().Resume().RunId);
        Assert.Equal("1", Chain().Recorded().Resume().RunId);
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("b", "a")]
    public void Of_runs_with_the_same_start_the_last_id_is_the_newest(string first, string second)
    {
        Chain().Recorded(maxTasks: 1).Step(first);
        Chain().Recorded(maxTasks: 1).Step(second);

        Assert.Equal("b", OpenRun.Find(Chain().Flow)!.RunId);
        Assert.Equal("b", Chain().Recorded().Resume().RunId);
        Assert.Equal("a", Chain().Recorded().Resume().RunId);
    }

    [Fact]
    public void A_failed_run_is_finished()
    {
        var flow = new TestFlow(options: new() { Store = _store }).Task("a", _ => throw new InvalidOperationException("no"));
        var first = flow.Recorded().Resume();
        Assert.Equal(StateType.Failed, first.StateType);
        Assert.NotEqual(first.RunId, flow.Recorded().Resume().RunId);
    }

    [Fact]
    public void A_run_can_be_given_an_id()
    {
        var flow = Chain();
        flow.Recorded(maxTasks: 2).Step("2026-11-24");
        var again = Chain();
        var run = again.Recorded().Step("2026-11-24");
        Assert.Equal(["c"], again.Ran);
        Assert.Equal(("2026-11-24", 2), (run.RunId, run.Step));

        var done = Chain();
        Assert.Equal(2, done.Recorded().Step("2026-11-24").Step);
        Assert.Empty(done.Ran);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\nb")]
    public void An_invalid_id_is_rejected(string runId) =>
        Assert.Equal(FlowErrorId.FlowInvalid, Assert.Throws<FlowException>(() => Chain().Recorded().Step(runId)).Id);

    [Fact]
    public void A_step_with_nothing_to_do_leaves_no_record()
    {
        Chain().Recorded().Step("1");
        var before = Content();
        Assert.Equal(1, Chain().Recorded().Step("1").Step);
        Assert.Equal(before, Content());
    }

    // From document to document it is made of other objects, which say the same.
    [Fact]
    public void A_step_of_a_document_with_nothing_to_do_leaves_no_record()
    {
        var flow = Chain();
        var run = flow.Recorded().Step(flow.New()).Run;
        var before = Content();
        var next = Chain();
        Assert.False(next.Recorded().Step(next.Travel(run)).IsLate);
        Assert.Equal(before, Content());
    }

    [Fact]
    public void A_document_that_matches_the_record_is_not_recorded_again()
    {
        var flow = Chain();
        var run = flow.Recorded(maxTasks: 1, reset: false).Step(flow.New()).Run;
        var written = new WrittenStore();
        foreach (var path in Paths().ToArray())
            written.WriteAll(path, _store.ReadAll(path, CancellationToken.None)!, CancellationToken.None);
        written.Written.Clear();

        var next = Chain(written);
        next.Recorded(maxTasks: 1, FlowDurability.Step).Step(next.Travel(run).Change((_, state) => state.IsCancelledByBudget ? state.Reset(state.Message) : state));

        var records = written.Written.Where(each => each.Path.Contains("/journal/", StringComparison.Ordinal)).Select(each => JsonNode.Parse(each.Content)!["tasks"]!.AsArray());
        Assert.Equal(["b"], records.SelectMany(tasks => tasks.Select(entry => (string?)entry!["task"]!["slug"])));
    }

    [Fact]
    public void A_finished_run_keeps_one_checkpoint_and_a_few_records()
    {
        for (var step = 0; step < 3; step++)
            Chain().Recorded(maxTasks: 1).Step("1");
        Assert.Equal(6, Paths().Count(path => path.Contains("/journal/", StringComparison.Ordinal)));
        Assert.Single(Paths(), path => path.Contains("/checkpoints/", StringComparison.Ordinal));
        Assert.Single(Paths(), path => path.StartsWith("run-index/", StringComparison.Ordinal));
        Assert.DoesNotContain(Paths(), path => path.Contains("lease", StringComparison.Ordinal));
    }

    [Fact]
    public void The_number_of_opening_records_is_limited()
    {
        var names = Enumerable.Range(0, 30).Select(i => $"t{i}").ToArray();
        for (var step = 0; step < names.Length; step++)
        {
            var flow = new TestFlow(options: new() { Store = _store });
            foreach (var name in names)
                flow.Task(name);
            flow.Recorded(maxTasks: 1).Step("1");
        }

        var numbers = new JournalReader(new(_store), _store.Incarnation("1")).Numbers().Order().ToArray();
        var last = numbers[^1];
        Assert.Equal(60, last);
        Assert.InRange(numbers.Length, JournalOptions.Default.KeptOpenings, JournalOptions.Default.KeptOpenings + JournalOptions.Default.MaxTail);
        var openings = Enumerable.Range(0, JournalOptions.Default.KeptOpenings).Select(step => last - 1 - (2 * step)).Order();
        Assert.Equal(openings, numbers.Where(number => number % 2 == 1).TakeLast(JournalOptions.Default.KeptOpenings));
        Assert.InRange(Paths().Count(path => path.Contains("/segments/", StringComparison.Ordinal)), 1, 4);
        Assert.Equal(60, RunHistory.Find(_store, "flow", "1")!.Changes.Count);
    }

    [Fact]
    public void A_callers_state_is_recorded()
    {
        var flow = Chain();
        var run = flow.Recorded(maxTasks: 1, reset: false).Step(flow.New()).Run;
        var next = Chain();
        run = next.Travel(run).Change((_, state) => state.Type == StateType.Cancelled ? state.Reset("Mocked pending") : state);
        next.Recorded(maxTasks: 1).Step(next.Travel(run));
        Assert.Equal(["b"], next.Ran);
        Assert.Equal("c", Assert.Single(ResumeRan()));
    }

    [Fact]
    public void A_state_older_than_the_record_changes_nothing()
    {
        var flow = Chain();
        var first = flow.Recorded(maxTasks: 1).Step(flow.New()).Run;
        flow.Recorded(maxTasks: 1).Step(first);
        var before = Content();
        var late = Chain();
        var outcome = late.Recorded(maxTasks: 1).Step(late.Travel(first));
        Assert.True(outcome.IsLate);
        Assert.Equal(2, outcome.Run.Step);
        Assert.Empty(late.Ran);
        Assert.Equal(before, Content());
    }

    [Fact]
    public void The_newest_state_can_be_changed_and_run_again()
    {
        var fails = true;
        var flow = new TestFlow(options: new() { Store = _store }).Task("a", _ => fails ? throw new InvalidOperationException("no") : "well");
        var run = flow.Recorded().Step(flow.New()).Run;
        fails = false;
        var outcome = flow.Recorded().Step(run.Change((_, state) => state.Reset(null)));
        Assert.False(outcome.IsLate);
        Assert.Equal((StateType.Success, 2), (outcome.Run.StateType, outcome.Run.Step));
        Assert.Equal(StateType.Success, RecordedRuns.Read(flow.Flow, run.RunId)!.StateType);
    }

    [Fact]
    public void Manual_edits_are_recorded_even_with_nothing_to_run()
    {
        var flow = Chain();
        var run = flow.Recorded(maxTasks: 1).Step(flow.New()).Run;
        flow.Recorded().Step(run.Change((_, state) => state.IsFinished ? state : new(StateType.Success, "by hand")));
        Assert.Equal(["a"], flow.Ran);
        Assert.Equal(StateType.Success, RecordedRuns.Read(flow.Flow, run.RunId)!.StateType);
        Assert.Null(OpenRun.Find(flow.Flow));
    }

    [Theory]
    [InlineData(FlowDurability.Task)]
    [InlineData(FlowDurability.Batch)]
    [InlineData(FlowDurability.Step)]
    public void Tasks_that_ended_before_a_stop_are_recorded(FlowDurability durability)
    {
        using var stop = new CancellationTokenSource();
        var flow = new TestFlow(options: new() { Store = _store }).Task("a", _ => "a").Task("b", _ =>
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        });
        Assert.ThrowsAny<OperationCanceledException>(() => flow.Recorded(durability: durability).Step("run", stop.Token));
        Assert.Equal([StateType.Success, StateType.Pending], RecordedRuns.Read(flow.Flow, "run")!.Tasks.Select(task => task.StateType));
    }

    [Fact]
    public void A_run_keeps_its_initial_parameters()
    {
        FlowState Run(int given)
        {
            var flow = new TestFlow(options: new() { Store = _store, Parameters = new PrefectPS.Flows.ParameterDefaults([new("n", 0)]) });
            flow.Add(new("a", TestFlow.Body((context, _) => context.Parameters["n"]))).Add(new("b", TestFlow.Body((context, _) => context.Parameters["n"])));
            return flow.Recorded(maxTasks: 1).Resume(new Dictionary<string, object?> { ["n"] = given });
        }

        Run(1);
        Assert.Equal([1L, 1L], Run(2).Tasks.Select(task => Convert.ToInt64(task.Result, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void An_unreadable_run_does_not_hold_its_lease()
    {
        Chain().Recorded(maxTasks: 1).Step("run");
        _store.WriteAll(Paths().Single(path => path.Contains("/checkpoints/", StringComparison.Ordinal)), [.. "{"u8], TestContext.Current.CancellationToken);

        Assert.Equal(FlowErrorId.RunDamaged, Assert.Throws<FlowException>(() => Chain().Recorded().Step("run")).Id);

        Assert.DoesNotContain(Paths(), path => path.Contains("lease", StringComparison.Ordinal));
    }

    // Said as the run is chosen: a cmdlet with -WhatIf says it, too.
    [Fact]
    public void A_flow_without_a_store_has_no_record()
    {
        var flow = new TestFlow().Flow;
        Assert.Equal(FlowErrorId.FlowInvalid, Assert.Throws<FlowException>(() => new NewestRun(flow, RunParameters.None)).Id);
        Assert.Equal(FlowErrorId.FlowInvalid, Assert.Throws<FlowException>(() => new RunById(flow, "run", RunParameters.None)).Id);
    }

    private TestFlow Chain(IFlowStore? store = null) => new TestFlow(options: new() { Store = store ?? _store })
        .Task("a", _ => "a")
        .Add(new("b", TestFlow.Body(arguments => $"{arguments[0].Value} then b")) { InputFrom = [new("x", "a")] })
        .Add(new("c", TestFlow.Body(arguments => $"{arguments[0].Value} then c")) { InputFrom = [new("x", "b")] });

    private List<string> ResumeRan()
    {
        var flow = Chain();
        flow.Recorded().Resume();
        return flow.Ran;
    }

    private IEnumerable<string> Paths() => _store.ListAsync(string.Empty, CancellationToken.None).Wait().Select(entry => entry.Path);

    private Dictionary<string, string> Content() =>
        Paths().ToDictionary(path => path, path => _store.ReadAsync(path, CancellationToken.None).Wait()!.Version);
}
