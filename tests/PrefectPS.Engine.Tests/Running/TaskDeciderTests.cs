using System.Text.RegularExpressions;
using PrefectPS.Engine.Tests.Repository;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>What decides on a task only looks: it calls nobody, and changes nothing.</summary>
public partial class TaskDeciderTests
{
    private static string Folder => Path.Combine(Checkout.Root, "src", "PrefectPS.Engine", "Running", "Deciding");

    [Fact]
    public void The_decider_references_no_handler_observer_recorder_or_store() => Assert.Empty(
        from file in Directory.EnumerateFiles(Folder, "*.cs")
        from line in File.ReadLines(file)
        where !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Outside().IsMatch(line)
        select $"{Path.GetFileName(file)}: {line.Trim()}");

    [Fact]
    public void The_decider_gets_only_view_identity_clock_durations_and_isRecorded() => Assert.Equal(
        [typeof(RunStateView), typeof(RunIdentity), typeof(StepClock), typeof(ExpectedDurations), typeof(bool)],
        typeof(TaskDecider).GetConstructors().Single().GetParameters().Select(parameter => parameter.ParameterType));

    [Fact]
    public void The_decider_sets_nothing_on_a_task() => Assert.Empty(
        from file in Directory.EnumerateFiles(Folder, "*.cs")
        from Match set in Sets().Matches(File.ReadAllText(file))
        select $"{Path.GetFileName(file)}: {set.Value}");

    [Theory]
    [MemberData(nameof(Types))]
    public void Asked_twice_it_decides_the_same_and_changes_nothing(StateType type)
    {
        foreach (var phase in Enum.GetValues<TaskPhase>())
            AskTwice(type, phase);
    }

    public static TheoryData<StateType> Types() => [.. Enum.GetValues<StateType>()];

    private static void AskTwice(StateType type, TaskPhase phase)
    {
        foreach (var budget in new[] { StepBudget.Unlimited, new StepBudget { MaxTasks = 0 }, new StepBudget { Time = TimeSpan.FromSeconds(1) } })
        {
            var flow = Flow();
            using var clock = new StepClock(budget, flow.Flow.Services, CancellationToken.None);
            var run = flow.New();
            var view = new RunStateView(flow.Flow.Plan, [.. run.States]);
            foreach (var task in flow.Flow.Tasks)
            {
                var given = new State(type) { Children = type == StateType.Mapped ? [State.NotRun] : null };
                var taskRun = new TaskRun(task, given, clock);
                taskRun.CountUpstream(view);
                taskRun.EndBody(BodyOutcome.Ended(given));
                taskRun.Enter(phase, given);
                State[] before = [.. view.States];
                var decider = new TaskDecider(view, run.Identity, clock, new(view.States, clock), isRecorded: false);
                var first = decider.Decide(taskRun);
                var second = decider.Decide(taskRun);
                Assert.NotEqual(DecisionKind.Continue, first.Kind);
                Assert.Equal(Describe(first), Describe(second));
                Assert.Equal((phase, given), (taskRun.Phase, taskRun.State));
                Assert.Equal(before, view.States);
                Assert.False(clock.LimitedAnyTask || clock.HasStarted);
                Assert.Empty(flow.Ran);
            }
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("target", Effect.FindTarget)]
    [InlineData("cached", Effect.FindCached, Effect.AskTrigger, Effect.AskCondition)]
    internal void Effects_are_requested_in_the_order_of_the_checks(string name, params Effect[] expected)
    {
        var flow = Flow();
        using var clock = new StepClock(StepBudget.Unlimited, flow.Flow.Services, CancellationToken.None);
        var run = flow.New();
        var view = new RunStateView(flow.Flow.Plan, run.States);
        var decider = new TaskDecider(view, run.Identity, clock, new(view.States, clock), isRecorded: false);
        var task = new TaskRun(flow.Flow.Find(name)!, State.NotRun, clock);
        List<Effect> asked = [];
        TaskDecision decision;
        while ((decision = decider.Decide(task)).Kind == DecisionKind.Perform)
        {
            asked.Add(decision.Effect);
            task.SetResult(decision.Effect, EffectResult.Nothing);
        }

        Assert.Equal(expected, asked);
        Assert.Equal(DecisionKind.Start, decision.Kind);
    }

    // Whoever is called fails the test.
    private static TestFlow Flow()
    {
        var flow = new TestFlow(options: new() { StateHandlers = [new RecordingHandler((_, _) => throw Called())] }).Task("plain").Task("after", "plain");
        flow.Add(new("mapped", TestFlow.Body(_ => null)) { Map = [new("x", "plain")] });
        flow.Add(new("target", TestFlow.Body(_ => null)) { Store = new FolderStore(Path.Combine(Path.GetTempPath(), "prefectps-unasked")), Target = "a.json" });
        flow.Add(new("cached", TestFlow.Body(_ => null))
        {
            Cache = new(TimeSpan.FromHours(1)),
            Trigger = new CustomTrigger("mine", _ => throw Called()),
            When = new Condition(),
            Retry = new() { MaxRetries = 1, Filter = _ => throw Called() },
        });
        return flow;
    }

    private static InvalidOperationException Called() => new("The decider has called somebody.");

    private static (DecisionKind, TaskPhase, Effect, BudgetLimit, int, StateType?, string?) Describe(TaskDecision decision) =>
        (decision.Kind, decision.Next, decision.Effect, decision.Limit, decision.Input, decision.State?.Type, decision.State?.Message);

    [GeneratedRegex(@"IStateHandler|StateHandlers|Recorder|Observer|Notices|Store\b|RunStates\b|StepContext|Checkpointer|TaskCaching|TaskAdmission|TaskEffects")]
    private static partial Regex Outside();

    [GeneratedRegex(@"\b(task|clock|view|run|durations)(\.\w+)+ ([?]{2}|[|&+-])?= |\btask\.(Set\w+|EndBody|Enter)\(|\bclock\.(Note|Start|UseUp|IgnoreStop|TryWaitUntil)\(|\bview\.Changed\(|\bdurations\.Note\(")]
    private static partial Regex Sets();

    private sealed class Condition : ITaskCondition
    {
        public string Source => string.Empty;

        public bool IsMet(FlowContext context, TaskArguments arguments) => throw Called();
    }
}
