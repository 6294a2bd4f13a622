using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>What must hold of any flow, however it is cut into steps.</summary>
public class AnyFlowTests
{
    private static readonly Gen<TaskSpec> Specs = TaskSpec.Any;

    [Fact]
    public void Cut_into_steps_of_any_size_it_ends_as_in_one_and_runs_each_body_as_often() =>
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
            }

            Assert.Equal(expected, AnyFlow.Describe(run));
            Assert.Equal(whole.AllRan, cut.AllRan);
        });

    [Fact]
    public void With_any_throttle_it_ends_as_with_none_and_runs_each_body_as_often() =>
        Gen.Select(Specs.Array[1, 12], Gen.Int[2, 5], Gen.Int[1, 12]).Sample((specs, limit, budget) =>
        {
            var whole = new AnyFlow(specs);
            var expected = AnyFlow.Describe(whole.Flow.RunAll());

            var many = new AnyFlow(specs);
            var run = many.Flow.New();
            for (var step = 0; run.HasPending; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                var options = new StepBudget { MaxTasks = budget, Throttle = new Throttle(limit) };
                run = many.Flow.Travel(StepRunner.Run(run, options, resetCancelled: true, new ThreadPoolBodies(), cancellationToken: TestContext.Current.CancellationToken));
            }

            Assert.Equal(expected, AnyFlow.Describe(run));
            Assert.Equal(whole.AllRan, many.AllRan);
        });

    [Fact]
    public void Killed_while_a_task_runs_it_ends_the_same_and_runs_only_that_task_once_more() =>
        Gen.Select(Specs.Array[1, 12], Gen.Int[1, 3], Gen.Int[0, 30]).Sample((specs, budget, killAt) =>
        {
            var whole = new AnyFlow(specs);
            var expected = AnyFlow.Describe(whole.Flow.RunAll());

            // The document was written when the task had been started, and its process was killed then.
            var cut = new AnyFlow(specs);
            var run = cut.Flow.New();
            for (var step = 0; run.HasPending; step++)
            {
                if (step == killAt && FirstReady(cut, run) is { } victim)
                    run = cut.Flow.Travel(run.Change((task, state) => task.Name == victim && state.Children is null ? state with { Type = StateType.Running } : state));
                run = cut.Flow.Travel(cut.Flow.Step(run, budget, reset: true));
            }

            Assert.Equal(expected, AnyFlow.Describe(run));
        });

    [Fact]
    public void It_runs_in_the_same_order_each_time() => Specs.Array[1, 12].Sample(specs =>
    {
        var (one, other) = (new AnyFlow(specs), new AnyFlow(specs));
        one.Flow.RunAll();
        other.Flow.RunAll();
        Assert.Equal(one.Flow.Ran, other.Flow.Ran);
    });

    // A task that has not been started, whose upstream tasks have ended well, and that does not count its own attempts.
    private static string? FirstReady(AnyFlow flow, FlowState run) =>
        flow.Flow.Flow.Plan.Tasks.FirstOrDefault(task =>
            run.States[task.Index] is { Type: StateType.Pending, LoopCount: 1 }
            && task.Retry is null && !task.IsMapped && task.Subflow is null && task.Trigger == Trigger.AllSuccessful
            && flow.Flow.Flow.Plan.UpstreamOf(task.Index).ToArray().All(u => run.States[u] is { Type: StateType.Success }))?.Name;
}
