using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>What a store tells of the course of a run: its steps, and every change of a task's state.</summary>
public class RunHistoryTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    [Fact]
    public void A_step_has_a_start_an_end_and_its_budget()
    {
        Make().Recorded(maxTasks: 1).Step("run");
        Make(TimeSpan.FromHours(1)).Recorded(time: TimeSpan.FromMinutes(8)).Step("run");

        Assert.Equal(
            [
                new(1, Clock(0), Clock(10), Budget: null, MaxTasks: 1),
                new(2, Clock(3600), Clock(3620), TimeSpan.FromMinutes(8), MaxTasks: null),
            ],
            Course().Steps);
        Assert.Equal([1, 1, 2, 2, 2, 2], Course().Changes.Select(change => change.Step));
        Assert.Equal([Clock(0), Clock(10), Clock(3600), Clock(3610), Clock(3610), Clock(3620)], Course().Changes.Select(change => change.Time));
    }

    [Theory]
    [InlineData(60, null, 60)]
    [InlineData(null, 90, 90)]
    [InlineData(60, 90, 60)]
    [InlineData(90, 60, 60)]
    [InlineData(null, -5, 0)]
    public void A_deadline_is_a_budget_and_the_earlier_end_counts(int? time, int? deadline, int expected)
    {
        var flow = Make();
        var budget = new StepBudget { Time = time is { } seconds ? TimeSpan.FromSeconds(seconds) : null, Deadline = deadline is { } end ? Clock(end) : null };
        StepTaker.Take(new(new RunByState(FlowState.New(flow.Flow, runId: "run"))) { Budget = budget }, TestContext.Current.CancellationToken);

        Assert.Equal(TimeSpan.FromSeconds(expected), Assert.Single(Course().Steps).Budget);
    }

    [Theory]
    [InlineData(FlowDurability.Task)]
    [InlineData(FlowDurability.Batch)]
    [InlineData(FlowDurability.Step)]
    public void The_history_is_the_same_however_often_it_is_written(FlowDurability durability)
    {
        Make().Recorded(durability: durability).Step("run");

        Assert.Equal(["a Running", "a Success", "b Running", "b Success", "c Running", "c Success"], Course().Changes.Select(change => $"{change.Task} {change.To}"));
        Assert.Equal((1, Clock(0), Clock(30)), Assert.Single(Course().Steps) is var step ? (step.Number, step.Began, step.Ended!.Value) : default);
    }

    [Fact]
    public void A_crashed_step_has_no_end_and_its_changes_are_kept()
    {
        Kill("/journal/0000000003");
        Assert.Equal([new(1, Clock(0), Ended: null)], Course().Steps);

        Make(TimeSpan.FromMinutes(5)).Recorded().Step("run");
        Assert.Equal([new(1, Clock(0), Ended: null), new(2, Clock(300), Clock(320))], Course().Steps);
        Assert.Equal(["1 a Running", "1 a Success", "1 b Running", "2 b Running", "2 b Success", "2 c Running", "2 c Success"], Changes());
    }

    [Fact]
    public void A_crash_after_the_last_record_does_not_double_it()
    {
        Kill("/done/");
        string[] expected = ["1 a Running", "1 a Success", "1 b Running", "1 b Success", "1 c Running", "1 c Success"];

        Assert.Equal(expected, Changes());
        Make().Recorded().Step("run");
        Assert.Equal(expected, Changes());
        Assert.Equal([new(1, Clock(0), Clock(30))], Course().Steps);
    }

    [Fact]
    public void Manual_edits_outside_a_step_belong_to_the_previous_step()
    {
        var run = Make().Recorded(maxTasks: 1).Step("run");
        var changed = run.Change((_, state) => state.IsFinished ? state : new(StateType.Success, "by hand"));
        Kill("/done/", changed);
        string[] expected = ["1 a Running", "1 a Success", "1 b Success", "1 c Success"];

        Assert.Equal(expected, Changes());
        Make().Recorded().Step("run");
        Assert.Equal(expected, Changes());
        Assert.Equal([new(1, Clock(0), Clock(10), MaxTasks: 1)], Course().Steps);
    }

    [Fact]
    public void A_parameter_named_like_a_document_key_is_harmless()
    {
        var parameters = new PrefectPS.Flows.ParameterDefaults([new("started", "2000-01-01T00:00:00Z"), new("step", 9)]);
        var flow = new TestFlow(options: new() { Store = _store, Parameters = parameters }).Task("a");

        flow.Recorded().Step("run");

        Assert.Equal([new(1, Clock(0), Clock(0))], Course().Steps);
    }

    [Fact]
    public void An_unknown_run_has_no_history() => Assert.Null(RunHistory.Find(_store, "flow", "run"));

    [Theory]
    [InlineData("""{"began":0}""")]
    [InlineData("""[[1,"a","Pending"]]""")]
    [InlineData("""[[1,"a","Pending","Nonsense"]]""")]
    [InlineData("""[{"began":"early"}]""")]
    [InlineData("""[{"began":1},{"maxTasks":-1}]""")]
    [InlineData("[[1,")]
    public async Task An_invalid_history_is_one_clear_error(string content)
    {
        Make().Recorded().Step("run");
        var record = $$"""{"record":1,"holder":"h","step":1,"base":{"merged":0},"opens":{},"history":{{content}},"tasks":[]}""";
        var path = _store.Incarnation().Record(1);
        await _store.WriteAsync(path, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(record)), WriteCondition.Always, TestContext.Current.CancellationToken);

        var error = Assert.Throws<FlowException>(Course);
        Assert.Equal(FlowErrorId.RunDamaged, error.Id);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private static DateTimeOffset Clock(int seconds) => new TestFlow().Clock.GetUtcNow() + TimeSpan.FromSeconds(seconds);

    private RunTimeline Course() => RunHistory.Find(_store, "flow", "run")!;

    private IEnumerable<string> Changes() => Course().Changes.Select(change => $"{change.Step} {change.Task} {change.To}");

    // Three tasks of ten seconds, one after the other.
    private TestFlow Make(TimeSpan later = default, IFlowStore? store = null)
    {
        var flow = new TestFlow(options: new() { Store = store ?? _store });
        flow.Clock.Advance(later);
        object? Body()
        {
            flow.Clock.Advance(TimeSpan.FromSeconds(10));
            return null;
        }

        return flow.Task("a", _ => Body()).Task("b", _ => Body(), "a").Task("c", _ => Body(), "b");
    }

    // A step whose process is killed when it is about to write an object.
    private void Kill(string path, FlowState? given = null) => Assert.Throws<ProcessKilledException>(
        () => Take(new InterruptedStore(_store, path, () => throw new ProcessKilledException()), given));

    private void Take(IFlowStore store, FlowState? given)
    {
        var runs = Make(store: store).Recorded();
        if (given is null)
            runs.Step("run");
        else
            runs.Step(given);
    }
}
