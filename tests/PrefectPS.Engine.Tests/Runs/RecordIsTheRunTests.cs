using CsCheck;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>What is on record after a step is the run that the step gave back, bit for bit: whether a checkpoint has it, or records, or segments.</summary>
public class RecordIsTheRunTests
{
    private static readonly Gen<(int MaxTasks, bool IsInHand, bool Resets, int SetBack, int Throttle)> AnyStep =
        Gen.Select(Gen.Int[1, 4], Gen.Bool, Gen.Bool, Gen.Int[0, 20], Gen.Int[0, 2]);

    // Two go on from what they have read before; any other is new each time.
    private static readonly Gen<int[]> AnyProcesses = Gen.Int[0, 3].Array[12];

    [Fact]
    public void The_record_equals_the_run_however_its_steps_are_taken() =>
        Gen.Select(TaskSpec.Any.Array[1, 10], AnyStep.Array[1, 12], AnyProcesses, Gen.Int[2, 8], Gen.Enum<FlowDurability>()).Sample((
            specs, steps, processes, maxTail, durability) =>
        {
            var kept = new AnyFlow?[2];
            var next = 0;
            var store = RecordedFlowExtensions.NewStore();
            FlowState? run = null;
            foreach (var (maxTasks, isInHand, resets, setBack, throttle) in steps)
            {
                var flow = Process(processes[next++]).Flow;
                var runs = flow.Recorded(maxTasks, durability, resets, throttle: throttle);
                var given = run is null ? null : flow.Travel(run);
                run = given is null || !isInHand ? runs.Step("run") : runs.Step(setBack < 10 ? AnyFlow.SetBack(given, $"t{setBack}") : given).Run;
                AssertOnRecord(flow, run);
                AssertOnRecord(New().Flow, run);
            }

            AssertChangesOnce(store, run!);

            AnyFlow Process(int number) => number < kept.Length ? kept[number] ??= New() : New();

            AnyFlow New() => new(specs, store, new() { MaxTail = maxTail, KeptOpenings = 2 });
        }, iter: Series.Cases(200, 50_000), threads: 2);

    [Fact]
    public void The_record_equals_the_run_with_rare_checkpoints()
    {
        var store = RecordedFlowExtensions.NewStore();
        var texts = new List<string>();
        FlowState? run = null;
        while (run is not { StateType: StateType.Success })
        {
            var flow = Wide(store);
            var runs = flow.Recorded(maxTasks: 1, reset: texts.Count % 3 != 1);
            run = run is null ? runs.Step("run") : runs.Step(flow.Travel(run)).Run;
            AssertOnRecord(flow, run);
            var folder = store.Incarnation().Journal.Replace("/journal/", "/checkpoints/", StringComparison.Ordinal);
            texts.Add(string.Join(' ', store.ListAsync(folder, TestContext.Current.CancellationToken).Wait().Select(entry => entry.Path)));
        }

        Assert.InRange(texts.Distinct().Count(), 2, texts.Count / 2);
        Assert.Equal(60, RunHistory.Find(store, "flow", "run")!.Changes.Count(change => change.ToType == StateType.Success));
    }

    private static void AssertOnRecord(TestFlow flow, FlowState run)
    {
        var stored = StoredRun.Find(new(flow.Flow.Store!), RunFolder.Of("flow", run.RunId), flow.Flow)!;
        Assert.False(stored.IsAhead);
        Assert.Equal(Text(flow.Travel(run)), Text(flow.Travel(stored.Run)));
    }

    // Each task that ended did so in the history, and no transition is there twice.
    private static void AssertChangesOnce(IFlowStore store, FlowState run)
    {
        var course = RunHistory.Find(store, "flow", run.RunId)!;
        Assert.Equal(course.Steps.Select(step => step.Number).Distinct(), course.Steps.Select(step => step.Number));
        Assert.All(course.Steps, step => Assert.NotNull(step.Ended));
    }

    private static string Text(FlowState run) => System.Text.Encoding.UTF8.GetString(FlowStateWriter.Write(run));

    private static TestFlow Wide(IFlowStore store)
    {
        var flow = new TestFlow(options: new() { Store = store });
        for (var i = 0; i < 60; i++)
            flow.Task($"task{i}", _ => "a result of some length, so that the document outweighs a record");
        return flow;
    }
}
