using System.Globalization;
using System.Text.Json;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Triggers;

public class TriggerTests
{
    [Fact]
    public void Every_row_of_the_reference_engine_holds()
    {
        Assert.InRange(Rows().Length, 2084, int.MaxValue);
        Assert.All(Rows(), row => Assert.Equal(TriggerOutcome(row), Ask(row)));
    }

    [Theory]
    [InlineData("task_runner_skip_on_upstream_skip_true", true)]
    [InlineData("task_runner_skip_on_upstream_skip_false", false)]
    public void Every_row_of_the_reference_task_runner_holds(string column, bool skipOnUpstreamSkip)
    {
        var rows = Rows().Where(row => row.TryGetProperty(column, out _)).ToArray();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(Outcome(row.GetProperty(column)), Run(row, skipOnUpstreamSkip)));
    }

    [Theory]
    [InlineData(StateType.Resume, null, StateType.Success)]
    [InlineData(StateType.Paused, -60, StateType.Success)]
    [InlineData(StateType.Paused, null, StateType.Paused)]
    [InlineData(StateType.Paused, 60, StateType.Paused)]
    [InlineData(StateType.Pending, null, StateType.Paused)]
    public void Manual_only_lets_a_task_run_once_it_has_been_let_go_on(StateType given, int? dueInSeconds, StateType expected)
    {
        var flow = new TestFlow().Add(new("t", TestFlow.Body(_ => null)) { Trigger = Trigger.Find("manual_only")! });
        var due = dueInSeconds is { } seconds ? TestFlow.Start.AddSeconds(seconds) : (DateTimeOffset?)null;
        var run = flow.New().Change((_, _) => new State(given) { DueTime = due });
        Assert.Equal(expected, flow.Step(run).Of("t").State);
    }

    [Fact]
    public void A_paused_run_says_so_and_has_nothing_pending()
    {
        var flow = new TestFlow().Add(new("t", TestFlow.Body(_ => null)) { Trigger = Trigger.Find("manual_only")! }).Task("after", "t");
        var run = flow.RunAll();
        Assert.Equal((StateType.Paused, false, "1 of 2 tasks wait for approval."), (run.State, run.HasPending, run.Message));
        Assert.Equal("Trigger function is \"manual_only\"", run.Of("t").Message);
    }

    [Theory]
    [InlineData("returns_False")]
    [InlineData("raises_RuntimeError")]
    [InlineData("raises_SKIP")]
    public void A_trigger_of_ones_own_that_refuses_throws_or_signals_ends_the_task_as_in_the_reference_engine(string row)
    {
        var expected = ConformanceData.Read("triggers.json").GetProperty("extra").GetProperty(row);
        var flow = new TestFlow().Task("u").Add(new("t", TestFlow.Body(_ => null))
        {
            After = ["u"],
            Trigger = new CustomTrigger("mine", _ => row switch
            {
                "raises_RuntimeError" => throw new InvalidOperationException("RuntimeError('trig boom')"),
                "raises_SKIP" => throw RecordingHandler.Signal(StateType.Skipped, "trigger skip"),
                _ => false,
            }),
        });
        var task = flow.RunAll().Of("t");
        Assert.Equal(Outcome(expected), (flow.Ran.Contains("t"), task.State.Name(), task.Message));
    }

    [Fact]
    public void A_trigger_of_ones_own_sees_its_upstream_tasks_with_their_states()
    {
        string[]? seen = null;
        var flow = new TestFlow().Task("a").Task("b", _ => throw new InvalidOperationException()).Add(new("t", TestFlow.Body(_ => null))
        {
            After = ["b", "a"],
            Trigger = new CustomTrigger("mine", upstream =>
            {
                seen = [.. upstream.Select(u => u.ToString())];
                return true;
            }),
        });
        Assert.Equal(StateType.Success, flow.RunAll().Of("t").State);
        Assert.Equal(["b: Failed", "a: Success"], seen!);
    }

    private static JsonElement[] Rows() => [.. ConformanceData.Read("triggers.json").GetProperty("rows").EnumerateArray()];

    private static (bool Ran, string? Type, string? Message) Outcome(JsonElement row) =>
        (row.GetProperty("ran").GetBoolean(), row.GetProperty("type").GetString(), row.GetProperty("message").GetString());

    private static (string?, string?) TriggerOutcome(JsonElement row) =>
        row.GetProperty("outcome").GetString() == "RUN" ? (null, null) : (row.GetProperty("state").GetString(), row.GetProperty("message").GetString());

    private static (bool, string?, string?) Run(JsonElement row, bool skipOnUpstreamSkip)
    {
        var (flow, states) = Make(row, skipOnUpstreamSkip);
        var clock = new StepClock(StepBudget.Unlimited, flow.Flow.Services, CancellationToken.None);
        var run = flow.New().Run;
        var upstream = new UpstreamStates(flow.Flow.Plan, states);
        var pipeline = new TaskPipeline(upstream, run, new(clock), null, new([], run, new(upstream, run)));
        var task = new TaskRun(flow.Flow.Tasks[^1], State.NotRun);
        var state = pipeline.Begin(task) ?? pipeline.RunBody(task) ?? pipeline.End(task);
        return (flow.Ran.Count > 0, state.Type.Name(), state.Message);
    }

    private static (string?, string?) Ask(JsonElement row)
    {
        var (flow, states) = Make(row, skipOnUpstreamSkip: false);
        var upstream = UpstreamSummary.Of(new(flow.Flow.Plan, states), flow.Flow.Tasks[^1].Index, child: null);
        var refused = Parse(row.GetProperty("trigger").GetString()!).Refuse(new(upstream, Resumed: false));
        return (refused?.Type.Name(), refused?.Message);
    }

    private static (TestFlow Flow, State[] States) Make(JsonElement row, bool skipOnUpstreamSkip)
    {
        State[] upstream = [.. row.GetProperty("upstream").EnumerateArray().Select(u => ParseState(u.GetString()!))];
        var names = upstream.Select((_, i) => $"u{i}").ToArray();
        var flow = new TestFlow();
        foreach (var name in names)
            flow.Task(name);
        flow.Add(new("t", TestFlow.Body(_ => null))
        {
            After = names,
            Trigger = Parse(row.GetProperty("trigger").GetString()!),
            SkipOnUpstreamSkip = skipOnUpstreamSkip,
        });
        return (flow, [.. upstream, State.NotRun]);
    }

    // Mapped[S,F,K] is a mapped task with children Success, Failed, Skipped.
    private static State ParseState(string text)
    {
        if (!text.StartsWith("Mapped", StringComparison.Ordinal))
            return new(Enum.Parse<StateType>(text));
        var children = text["Mapped[".Length..^1].Split(',', StringSplitOptions.RemoveEmptyEntries);
        return new(StateType.Mapped)
        {
            Children = [.. children.Select(c => new State(c switch { "S" => StateType.Success, "F" => StateType.Failed, _ => StateType.Skipped }))],
        };
    }

    // some_failed(at_least=0.34,at_most=0.67)
    private static ITrigger Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
            return Trigger.Find(text)!;
        var bounds = text[(open + 1)..^1].Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(b => b.Split('='))
            .ToDictionary(b => b[0], b => double.Parse(b[1], CultureInfo.InvariantCulture));
        var threshold = new Threshold(Bound("at_least"), Bound("at_most"));
        return text[..open] == "some_failed" ? Trigger.SomeFailed(threshold) : Trigger.SomeSuccessful(threshold);

        double? Bound(string name) => bounds.TryGetValue(name, out var bound) ? bound : null;
    }
}
