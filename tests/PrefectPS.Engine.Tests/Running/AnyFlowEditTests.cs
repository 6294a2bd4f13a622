using CsCheck;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>What must hold of any flow whose states, or which itself, is changed from outside between two steps, or whose steps end by time.</summary>
public class AnyFlowEditTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    [Fact]
    public void Tasks_reset_between_steps_with_their_downstream_tasks_end_as_in_a_whole_run() =>
        Gen.Select(TaskSpec.AnyUnordered.Array[1, 12], Gen.Int[1, 4], Gen.Int[0, 11].Array[1, 8]).Sample((specs, budget, setBack) =>
        {
            var expected = AnyFlow.Describe(new AnyFlow(specs).Flow.RunAll());

            var cut = new AnyFlow(specs);
            var run = cut.Flow.New();
            for (var step = 0; run.HasPending || step < setBack.Length; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                if (step < setBack.Length)
                    run = AnyFlow.SetBack(run, $"t{setBack[step]}");
                run = cut.Flow.Travel(cut.Flow.Step(run, budget, reset: true));
                cut.Flow.Clock.Advance(Pause);
            }

            Assert.Equal(expected, AnyFlow.Describe(run));
        });

    [Fact]
    public void A_flow_that_changes_between_steps_ends_as_the_changed_flow_would_have() =>
        Gen.Select(TaskSpec.AnyUnordered.Array[1, 12], Gen.Bool.Array[1, 7], Gen.Int[1, 4], Gen.Int[0, 6]).Sample((specs, breaks, budget, changeAt) =>
        {
            TaskSpec[] changed = [.. specs.Select((spec, i) => spec with { IsBroken = breaks[i % breaks.Length] && spec.Inner.Count == 0 })];
            var expected = AnyFlow.Describe(new AnyFlow(changed).Flow.RunAll());

            var flow = new AnyFlow(specs).Flow;
            var run = flow.New();
            for (var step = 0; run.HasPending || step <= changeAt; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                var document = FlowStateWriter.Write(flow.Step(run, budget, reset: true));
                flow = step < changeAt ? flow : new AnyFlow(changed).Flow;
                run = FlowStateReader.Read(flow.Flow, document, new ReadingOptions { OnChange = FlowChangeAction.RerunChanged }).Run;
                flow.Clock.Advance(Pause * (step + 1));
            }

            Assert.Equal(expected, AnyFlow.Describe(run));
        });

    [Fact]
    public void A_flow_cut_into_steps_by_time_ends_the_same_and_runs_each_body_as_often() =>
        Gen.Select(TaskSpec.AnyUnordered.Array[1, 12], Gen.Int[1, 5].Array[1, 6]).Sample((specs, minutes) =>
        {
            var whole = new AnyFlow(specs);
            var expected = AnyFlow.Describe(whole.Flow.RunAll());

            // Each body takes a minute.
            var cut = new AnyFlow(specs) { Flow = { BodyTime = TimeSpan.FromMinutes(1) } };
            var run = cut.Flow.New();
            for (var step = 0; run.HasPending; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                var budget = new StepBudget { Time = TimeSpan.FromMinutes(minutes[step % minutes.Length]) };
                run = cut.Flow.Travel(StepRunner.Run(
                    run, new() { Budget = budget, ResetCancelled = true }, cancellationToken: TestContext.Current.CancellationToken));
                cut.Flow.Clock.Advance(Pause);
            }

            Assert.Equal(expected, AnyFlow.Describe(run));
            Assert.Equal(whole.AllRan, cut.AllRan);
        });

    [Fact]
    public void Bodies_stopped_at_the_deadline_run_again_and_the_flow_ends_the_same() =>
        Gen.Select(TaskSpec.AnyUnordered.Array[1, 12], Gen.Int[10, 40].Array[1, 6], Gen.Bool.Array[1, 7]).Sample((specs, minutes, stops) =>
        {
            var whole = new AnyFlow(specs);
            var expected = AnyFlow.Describe(whole.Flow.RunAll());

            var cut = new AnyFlow(specs);
            cut.StopFirstRuns(TimeSpan.FromHours(1), begun => stops[begun % stops.Length]);
            var run = cut.Flow.New();
            for (var step = 0; run.HasPending; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                var budget = new StepBudget { Time = TimeSpan.FromMinutes(minutes[step % minutes.Length]) };
                run = cut.Flow.Travel(StepRunner.Run(
                    run, new() { Budget = budget, ResetCancelled = true, Pool = new ThreadPoolBodies() }, cancellationToken: TestContext.Current.CancellationToken));
                cut.Flow.Clock.Advance(Pause);
            }

            Assert.Equal(expected, AnyFlow.Describe(run));
            Assert.Empty(whole.AllRan.Except(cut.AllRan));
        }, iter: Series.Cases(100, 20_000));

    [Fact]
    public void A_flow_throttled_cut_lost_edited_and_changed_ends_as_the_changed_flow_would_have() =>
        Gen.Select(
            TaskSpec.AnyWithSecrets.Array[1, 12], Gen.Int[1, 6].Array[1, 6], Gen.Int[1, 5].Array[1, 6], Gen.Int[0, 11].Array[0, 4], Gen.Bool.Array[1, 7],
            Gen.Int[0, 12].Array[2])
        .Sample((specs, budgets, limits, setBack, breaks, at) =>
        {
            TaskSpec[] changed = [.. specs.Select((spec, i) => spec with { IsBroken = breaks[i % breaks.Length] && spec.Inner.Count == 0 })];
            var expected = AnyFlow.Describe(new AnyFlow(changed).Flow.RunAll());

            var flow = new AnyFlow(specs).Flow;
            var run = flow.New();
            for (var step = 0; run.HasPending || step <= at.Max() || step < setBack.Length; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                if (step == at[0])
                    flow = new AnyFlow(changed).Flow;
                run = Read(flow, run);
                if (step < setBack.Length)
                    run = AnyFlow.SetBack(run, $"t{setBack[step]}");
                var limit = limits[step % limits.Length];
                var budget = new StepBudget { MaxTasks = budgets[step % budgets.Length], Throttle = limit == 1 ? null : new(limit, new Dictionary<string, int> { ["few"] = 1 }) };
                var after = StepRunner.Run(
                    run, new() { Budget = budget, ResetCancelled = true, Pool = new ThreadPoolBodies() }, cancellationToken: TestContext.Current.CancellationToken);
                run = step == at[1] ? run : after; // its document was lost
                flow.Clock.Advance(Pause * (step + 1));
            }

            Assert.Equal(expected, AnyFlow.Describe(Read(flow, run)));
        }, iter: Series.Cases(200, 20_000));

    private static FlowState Read(TestFlow flow, FlowState run) =>
        FlowStateReader.Read(flow.Flow, FlowStateWriter.Write(run), new ReadingOptions { OnChange = FlowChangeAction.RerunChanged }).Run;
}
