using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>Steps whose process is killed at any call of the store: what is on record is not done again, and the run ends as if nothing had been.</summary>
public class KilledStepTests
{
    [Fact]
    public void A_repeatedly_killed_flow_ends_the_same_and_repeats_at_most_one_body_per_kill() =>
        Gen.Select(TaskSpec.Any.Array[1, 12], Gen.Int[1, 40].Array[1, 12], Gen.Bool, Gen.Int[0, 3]).Sample((specs, kills, isAfter, budget) =>
        {
            var expected = new AnyFlow(specs);
            var ended = AnyFlow.Describe(expected.Flow.RunAll());
            var (run, ran) = RunKilled(specs, kills, isAfter, budget == 0 ? null : budget, FlowDurability.Task, throttle: 0);
            Assert.Equal(ended, AnyFlow.Describe(run));
            Assert.InRange(ran.Count, expected.AllRan.Count(), expected.AllRan.Count() + kills.Length);
            Assert.Empty(expected.AllRan.Except(ran));
        }, iter: Series.Cases(300, 100_000));

    [Theory]
    [InlineData(FlowDurability.Batch, 0)]
    [InlineData(FlowDurability.Step, 0)]
    [InlineData(FlowDurability.Task, 3)]
    [InlineData(FlowDurability.Batch, 3)]
    public void A_killed_flow_ends_the_same_at_any_durability_and_throttle(FlowDurability durability, int throttle) =>
        Gen.Select(TaskSpec.AnyUnordered.Array[1, 10], Gen.Int[1, 30].Array[1, 6], Gen.Bool).Sample((specs, kills, isAfter) =>
        {
            var expected = AnyFlow.Describe(new AnyFlow(specs).Flow.RunAll());
            var (run, _) = RunKilled(specs, kills, isAfter, 3, durability, throttle);
            Assert.Equal(expected, AnyFlow.Describe(run));
        }, iter: Series.Cases(60, 10_000), threads: throttle > 0 ? 2 : -1);

    [Fact]
    public void A_flow_killed_throttled_cut_and_edited_ends_the_same() =>
        Gen.Select(
            TaskSpec.AnyWithSecrets.Array[1, 10], Gen.Int[1, 40].Array[1, 8], Gen.Bool, Gen.Int[1, 4].Array[1, 4], Gen.Int[0, 3].Array[1, 4], Gen.Int[0, 9].Array[0, 4],
            Gen.Int[0, 2])
        .Sample((specs, kills, isAfter, budgets, limits, setBack, durability) =>
        {
            var expected = AnyFlow.Describe(new AnyFlow(specs).Flow.RunAll());
            var store = RecordedFlowExtensions.NewStore();
            FlowState? run = null;
            for (var process = 0; run is null || process < setBack.Length || !(run.IsOver || run.StateType == StateType.Paused); process++)
            {
                Assert.True(process < 500, "The run does not end.");
                var dying = new DyingStore(store, process < kills.Length ? kills[process] : 0, isAfter);
                var flow = new AnyFlow(specs, dying, new() { MaxTail = 2 + (process % 4) }).Flow;
                var runs = flow.Recorded(budgets[process % budgets.Length], (FlowDurability)durability, wait: true, throttle: limits[process % limits.Length]);
                try
                {
                    run = process < setBack.Length && RecordedRuns.Read(flow.Flow, "run") is { } read
                        ? runs.Step(AnyFlow.SetBack(read, $"t{setBack[process]}")).Run
                        : runs.Step("run");
                    dying.HasEnded = true;
                }
                catch (ProcessKilledException)
                {
                    run = null;
                }
            }

            Assert.Equal(expected, AnyFlow.Describe(run));
        }, iter: Series.Cases(100, 20_000), threads: 2);

    [Theory]
    [InlineData(FlowDurability.Step)]
    [InlineData(FlowDurability.Task)]
    public void The_successor_deletes_unreferenced_results(FlowDurability durability)
    {
        var deleted = 0;
        for (var call = 1; ; call++)
        {
            var store = RecordedFlowExtensions.NewStore();
            var dying = new DyingStore(store, call, isAfter: call % 2 == 0);
            try
            {
                Flow(dying).Recorded(durability: durability, wait: true).Step("run");
                dying.HasEnded = true;
                break;
            }
            catch (ProcessKilledException)
            {
            }

            string[] before = Results(store);
            var run = Flow(store).Recorded(wait: true).Step("run");
            Assert.Equal(StateType.Success, run.StateType);
            string[] named = [.. run.States.SelectMany(state => (state.Children ?? []).Append(state)).Select(state => state.Result?.Location).OfType<string>()];
            string[] left = Results(store);
            Assert.Empty(named.Except(left));
            Assert.Empty(before.Intersect(left).Except(named));
            deleted += before.Except(left).Count();
        }

        Assert.True(deleted > 0, "No step left a result that no record named.");

        static string[] Results(PrefectPS.Storage.IFlowStore store) => ExistingRun.Find(new(store), new("flow", "run")) is { } run
            ? [.. new RunFiles(store).List(run.Folder.ResultsOf(string.Empty).TrimEnd('/') + "/").Select(entry => entry.Path)]
            : [];

        static TestFlow Flow(PrefectPS.Storage.IFlowStore store)
        {
            var flow = new TestFlow(options: new() { Store = store }).Task("list", _ => new object[] { 1, 2, 3 });
            flow.Add(new("each", TestFlow.Body(_ => "child")) { Map = [new("n", "list")] });
            flow.Add(new("loop", TestFlow.Body((context, _) => context.LoopCount < 3
                ? throw new FlowSignalException(new(StateType.Looped) { Result = PrefectPS.Results.TaskResult.Of(context.LoopCount) }, endsRun: false)
                : "looped")));
            return flow.Task("last", _ => "done", "each", "loop");
        }
    }

    private static (FlowState Run, List<string> Ran) RunKilled(
        TaskSpec[] specs, int[] kills, bool isAfter, int? budget, FlowDurability durability, int throttle)
    {
        var store = RecordedFlowExtensions.NewStore();
        var ran = new List<string>();
        for (var process = 0; ; process++)
        {
            Assert.True(process < 500, "The run does not end.");
            var dying = new DyingStore(store, process < kills.Length ? kills[process] : 0, isAfter);
            var flow = new AnyFlow(specs, dying, new() { MaxTail = 2 + (kills[0] % 7) });
            try
            {
                var run = flow.Flow.Recorded(budget, durability, wait: true, throttle: throttle).Step("run");
                dying.HasEnded = true;
                if (run.IsOver || run.StateType == StateType.Paused)
                    return (run, [.. ran, .. flow.AllRan]);
            }
            catch (ProcessKilledException)
            {
            }
            finally
            {
                ran.AddRange(flow.AllRan);
            }
        }
    }
}
