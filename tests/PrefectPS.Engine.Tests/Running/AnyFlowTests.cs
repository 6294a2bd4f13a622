using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>What must hold of any flow, however it is cut into steps.</summary>
public class AnyFlowTests
{
    private static readonly Gen<TaskSpec> Specs = TaskSpec.Any;

    private static readonly Gen<TaskSpec> Unordered = TaskSpec.AnyUnordered;

    // Between two steps; some delays are over by then, and some are not.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    [Fact]
    public void A_flow_cut_into_steps_of_any_size_ends_as_in_one_step() =>
        Gen.Select(Specs.Array[1, 12], Gen.Int[1, 4].Array[1, 6]).Sample((specs, budgets) =>
        {
            var whole = new AnyFlow(specs);
            var expected = AnyFlow.Describe(whole.Flow.RunAll());

            var cut = new AnyFlow(specs);
            var run = cut.Flow.New();
            for (var step = 0; run.HasPending; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                run = cut.Flow.Travel(cut.Flow.Step(run, budgets[step % budgets.Length], reset: true));
                cut.Flow.Clock.Advance(Pause);
            }

            Assert.Equal(expected, AnyFlow.Describe(run));
            Assert.Equal(whole.AllRan, cut.AllRan);
        });

    [Fact]
    public void A_flow_cut_throttled_and_killed_ends_the_same_and_runs_each_body_as_often() =>
        Gen.Select(Unordered.Array[1, 12], Gen.Int[1, 6].Array[1, 6], Gen.Int[1, 5].Array[1, 6], Gen.Int[0, 12]).Sample((specs, budgets, limits, killAt) =>
        {
            var whole = new AnyFlow(specs);
            var expected = AnyFlow.Describe(whole.Flow.RunAll());

            var many = new AnyFlow(specs);
            var run = many.Flow.New();
            for (var step = 0; run.HasPending; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                if (step == killAt)
                    run = Kill(many, run);
                var limit = limits[step % limits.Length];
                var options = new StepBudget
                {
                    MaxTasks = budgets[step % budgets.Length],
                    Throttle = limit == 1 ? null
                    : new Throttle(limit, new Dictionary<string, int> { ["few"] = 1 })
                };
                many.Flow.Clock.Advance(Pause);
                run = many.Flow.Travel(StepRunner.Run(
                    run, new() { Budget = options, ResetCancelled = true, Pool = new ThreadPoolBodies() }, cancellationToken: TestContext.Current.CancellationToken));
            }

            Assert.Equal(expected, AnyFlow.Describe(run));
            Assert.Equal(whole.AllRan, many.AllRan);
        });

    [Fact]
    public void A_flow_approved_whenever_it_waits_ends_the_same_however_it_is_cut() =>
        Gen.Select(Specs.Array[1, 12], Gen.Int[1, 4].Array[1, 6], Gen.Bool.Array[1, 6]).Sample((specs, budgets, early) =>
        {
            var whole = new AnyFlow(specs);
            var expected = whole.Flow.RunAll();
            for (var approvals = 0; expected.StateType == StateType.Paused; approvals++)
            {
                Assert.True(approvals < 50, "It asks again and again.");
                expected = whole.Flow.RunAll(AnyFlow.Approve(expected));
            }

            // Some are let go on as soon as they wait, others when nothing else is left to do.
            var cut = new AnyFlow(specs);
            var run = cut.Flow.New();
            for (var step = 0; run.HasPending || run.StateType == StateType.Paused; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                if (!run.HasPending || early[step % early.Length])
                    run = cut.Flow.Travel(AnyFlow.Approve(run));
                run = cut.Flow.Travel(cut.Flow.Step(run, budgets[step % budgets.Length], reset: true));
                cut.Flow.Clock.Advance(Pause);
            }

            Assert.Equal(AnyFlow.Describe(expected), AnyFlow.Describe(run));
            Assert.Equal(whole.AllRan, cut.AllRan);
        });

    [Fact]
    public void A_step_whose_document_is_lost_is_repeated_from_the_previous_document() =>
        Gen.Select(Specs.Array[1, 12], Gen.Int[1, 4], Gen.Int[0, 8]).Sample((specs, budget, lost) =>
        {
            var expected = AnyFlow.Describe(new AnyFlow(specs).Flow.RunAll());

            var cut = new AnyFlow(specs);
            var run = cut.Flow.New();
            for (var step = 0; run.HasPending; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                var before = cut.Flow.Travel(run);
                run = cut.Flow.Travel(cut.Flow.Step(run, budget, reset: true));
                cut.Flow.Clock.Advance(Pause);
                if (step == lost)
                    run = before;
            }

            Assert.Equal(expected, AnyFlow.Describe(run));
        });

    [Fact]
    public void A_run_reset_after_a_fix_ends_as_a_whole_run_and_runs_only_what_is_needed() =>
        Gen.Select(Unordered.Array[1, 12], Gen.Bool.Array[1, 7], Gen.Int[1, 4]).Sample((specs, breaks, budget) =>
        {
            var whole = new AnyFlow(specs);
            var expected = AnyFlow.Describe(whole.Flow.RunAll());

            var failed = new AnyFlow(Break(specs, breaks)).Flow.RunAll();
            var mended = new AnyFlow(specs);
            var run = new StateEdit
            {
                Chooses = (_, _, state, _) => state.Type == StateType.Failed,
                To = StateType.Pending,
                Change = (_, state, _, isStale) => state.Reset(message: null, isStale),
                IncludesDownstream = true,
            }.Of(mended.Flow.Travel(failed));
            var untouched = run.Tasks.Where(task => task.IsFinished).Select(task => task.Slug).ToList();
            for (var step = 0; run.HasPending; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                run = mended.Flow.Travel(mended.Flow.Step(run, budget, reset: true));
                mended.Flow.Clock.Advance(Pause);
            }

            Assert.Equal(expected, AnyFlow.Describe(run));
            Assert.Empty(mended.Flow.Ran.Intersect(untouched));
            Assert.Empty(mended.AllRan.GroupBy(name => name).Where(ran => ran.Count() > whole.AllRan.Count(name => name == ran.Key)).Select(ran => ran.Key));
        });

    [Fact]
    public void A_flow_runs_in_the_same_order_each_time() => Specs.Array[1, 12].Sample(specs =>
    {
        var (one, other) = (new AnyFlow(specs), new AnyFlow(specs));
        one.Flow.RunAll();
        other.Flow.RunAll();
        Assert.Equal(one.Flow.Ran, other.Flow.Ran);
    });

    private static TaskSpec[] Break(IReadOnlyList<TaskSpec> specs, bool[] breaks) =>
        [.. specs.Select((spec, i) => spec with { IsBroken = breaks[i % breaks.Length], Inner = Break(spec.Inner, [.. breaks.Reverse()]) })];

    // The document was written when a task had been started, and its process was killed before the body began.
    private static FlowState Kill(AnyFlow flow, FlowState run) => FirstReady(flow, run) is { } victim
        ? flow.Flow.Travel(run.Change((task, state) => task == victim ? state with { Type = StateType.Running } : state))
        : run;

    // A task that has not been started, whose upstream tasks have ended well, and that does not count its own attempts.
    private static FlowTask? FirstReady(AnyFlow flow, FlowState run) =>
        flow.Flow.Flow.Plan.Tasks.FirstOrDefault(task =>
            run.States[task.Index] is { Type: StateType.Pending, LoopCount: 1 }
            && task.Retry is null && !task.IsMapped && task.Subflow is null && task.TriggerRule == Trigger.AllSuccessful
            && flow.Flow.Flow.Plan.UpstreamOf(task.Index).ToArray().All(u => run.States[u] is { Type: StateType.Success }));
}
