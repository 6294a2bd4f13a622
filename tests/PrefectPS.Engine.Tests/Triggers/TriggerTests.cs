using System.Globalization;
using System.Text.Json;
using PrefectPS.Engine.Tests.Conformance;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Triggers;

public class TriggerTests
{
    private const string FromGivenState = "manual_only_from_";

    public static TheoryData<string> ExtraRows() => [.. Extra().EnumerateObject().Select(row => row.Name)];

    [Fact]
    public void Every_part_of_the_file_is_run() =>
        Assert.Equal(
            ["extra", "legend", "manual_only_with_resume_context", "prefect_version", "rows"],
            ConformanceData.Read("triggers.json").EnumerateObject().Select(part => part.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_row_of_the_reference_engine_holds()
    {
        Assert.NotEmpty(Rows());
        Assert.All(Rows(), row => Assert.Equal(TriggerOutcome(row), Ask(row)));
    }

    [Fact]
    public void Manual_only_runs_a_task_that_was_resumed()
    {
        Assert.Equal("RUN", ConformanceData.Read("triggers.json").GetProperty("manual_only_with_resume_context").GetProperty("outcome").GetString());
        Assert.Null(Trigger.Find("manual_only")!.Refuse(default, isResumed: true));
    }

    [Theory]
    [MemberData(nameof(ExtraRows))]
    public void Every_extra_row_of_the_reference_engine_holds(string name)
    {
        var row = Extra().GetProperty(name);
        if (name.StartsWith(FromGivenState, StringComparison.Ordinal))
            Assert.Equal((TypeOf(row), MessageOf(row)), RunManualOnly(name[FromGivenState.Length..].Split('_')));
        else if (name.StartsWith("returns_", StringComparison.Ordinal) || name.StartsWith("raises_", StringComparison.Ordinal))
            Assert.Equal((row.GetProperty("ran").GetBoolean(), TypeOf(row), MessageOf(row)), RunWithTriggerThat(name));
        else if (name == "serialized_trigger_names")
            Assert.All(row.EnumerateObject(), trigger => Assert.Equal(trigger.Value.GetProperty("fn").GetString()!.Split('.')[^1], Parse(trigger.Name).Name.Split('(')[0]));
        else if (name == "default_trigger")
            Assert.Equal(row.GetString(), new TestFlow().Task("t").Flow.Tasks[0].TriggerRule.Name);
        else
            Assert.Fail($"Nothing runs the row '{name}' of triggers.json.");
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

    [Fact]
    public void A_paused_run_says_so_and_has_nothing_pending()
    {
        var flow = new TestFlow().Add(new("t", TestFlow.Body(_ => null)) { Trigger = Trigger.Find("manual_only")! }).Task("after", "t");
        var run = flow.RunAll();
        Assert.Equal((StateType.Paused, false, "1 of 2 tasks wait for approval."), (run.StateType, run.HasPending, run.Message));
        Assert.Equal("Trigger function is \"manual_only\"", run.Of("t").Message);
    }

    [Fact]
    public void A_custom_trigger_sees_its_upstream_tasks_with_their_states()
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
        Assert.Equal(StateType.Success, flow.RunAll().Of("t").StateType);
        Assert.Equal(["b: Failed", "a: Success"], seen!);
    }

    private static JsonElement Extra() => ConformanceData.Read("triggers.json").GetProperty("extra");

    private static string TypeOf(JsonElement row) => row.GetProperty("type").GetString()!;

    private static string MessageOf(JsonElement row) => ReferenceText.Normalise("message", row.GetProperty("message").GetString());

    // The given state, then past, future or none: when it is due.
    private static (string, string?) RunManualOnly(string[] given)
    {
        var flow = new TestFlow().Add(new("t", TestFlow.Body(_ => null)) { Trigger = Trigger.Find("manual_only")! });
        var due = given.ElementAtOrDefault(1) switch
        {
            "past" => TestFlow.Start.AddMinutes(-1),
            "future" => TestFlow.Start.AddMinutes(1),
            _ => (DateTimeOffset?)null,
        };
        var task = flow.Step(flow.New().Change((_, _) => new State(Enum.Parse<StateType>(given[0]), "p") { DueTime = due })).Of("t");
        return (task.StateType.Name(), task.Message);
    }

    // Of a trigger of the reference engine, any value that is not true is a refusal.
    private static (bool, string, string?) RunWithTriggerThat(string does)
    {
        var flow = new TestFlow().Task("u").Add(new("t", TestFlow.Body(_ => null))
        {
            After = ["u"],
            Trigger = new CustomTrigger("mine", _ => does switch
            {
                "returns_False" or "returns_None" => false,
                "raises_RuntimeError" => throw new InvalidOperationException("trig boom"),
                "raises_SKIP" => throw RecordingHandler.Signal(StateType.Skipped, "trigger skip"),
                _ => throw new NotSupportedException($"Nothing runs the row '{does}' of triggers.json."),
            }),
        });
        var task = flow.RunAll().Of("t");
        return (flow.Ran.Contains("t"), task.StateType.Name(), task.Message);
    }

    private static JsonElement[] Rows() => [.. ConformanceData.Read("triggers.json").GetProperty("rows").EnumerateArray()];

    private static (bool Ran, string? Type, string? Message) Outcome(JsonElement row) =>
        (row.GetProperty("ran").GetBoolean(), row.GetProperty("type").GetString(), row.GetProperty("message").GetString());

    private static (string?, string?) TriggerOutcome(JsonElement row) =>
        row.GetProperty("outcome").GetString() == "RUN" ? (null, null) : (row.GetProperty("state").GetString(), row.GetProperty("message").GetString());

    private static (bool, string?, string?) Run(JsonElement row, bool skipOnUpstreamSkip)
    {
        var (flow, states) = Make(row, skipOnUpstreamSkip);
        using var clock = new StepClock(StepBudget.Unlimited, flow.Flow.Services, CancellationToken.None);
        var run = flow.New().Identity;
        var working = new WorkingRun(new(new(flow.Flow, run, states)), run, new(clock));
        var task = working.NewTaskRun(flow.Flow.Tasks[^1].Index, child: null);
        var next = working.Pipeline.Begin(task);
        if (next.Kind == DecisionKind.Run)
            next = working.Pipeline.End(task, working.Bodies.Run(task));
        return (flow.Ran.Count > 0, next.State.Type.Name(), next.State.Message);
    }

    private static (string?, string?) Ask(JsonElement row)
    {
        var (flow, states) = Make(row, skipOnUpstreamSkip: false);
        UpstreamSummary.Count(new(flow.Flow.Plan, states), flow.Flow.Tasks[^1].Index, child: null, out var upstream);
        var refused = Parse(row.GetProperty("trigger").GetString()!).Refuse(upstream, isResumed: false);
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
            Children = [.. children.Select(c => new State(c switch
            {
                "S" => StateType.Success,
                "F" => StateType.Failed,
                "K" => StateType.Skipped,
                _ => throw new NotSupportedException($"'{c}' is no child's state."),
            }))],
        };
    }

    // some_failed(at_least=0.34,at_most=0.67)
    private static ITrigger Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
            return Trigger.Find(text) ?? throw new NotSupportedException($"'{text}' is no trigger.");
        var bounds = text[(open + 1)..^1].Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(b => b.Split('='))
            .ToDictionary(b => b[0], b => double.Parse(b[1], CultureInfo.InvariantCulture));
        var threshold = new Threshold(Bound("at_least"), Bound("at_most"));
        return text[..open] switch
        {
            "some_failed" => Trigger.SomeFailed(threshold),
            "some_successful" => Trigger.SomeSuccessful(threshold),
            var name => throw new NotSupportedException($"'{name}' is no trigger with bounds."),
        };

        double? Bound(string name) => bounds.TryGetValue(name, out var bound) ? bound : null;
    }
}
