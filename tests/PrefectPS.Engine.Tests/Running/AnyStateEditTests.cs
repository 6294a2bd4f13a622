using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>What must hold of any flow whose tasks, children and tasks of subflows a person sets to any state between two steps.</summary>
public class AnyStateEditTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData(DocumentForm.Json)]
    [InlineData(DocumentForm.Compact)]
    public void A_run_in_documents_equals_one_in_memory_after_each_step_and_edit(DocumentForm form) =>
        Gen.Select(TaskSpec.Any.Array[1, 12], Gen.Int[1, 4].Array[1, 4], AnyEdit.Any.Null().Array[1, 10]).Sample((specs, budgets, edits) =>
        {
            var (here, there) = (new AnyFlow(specs), new AnyFlow(specs));
            var (one, other) = (here.Flow.New(), there.Flow.New());
            for (var step = 0; step < edits.Length || (one.HasPending && step < 30); step++)
            {
                if (step < edits.Length && edits[step]?.In(one) is { } edit)
                    (one, other) = (edit.ToStateEdit().Of(one), form.Travel(there.Flow, edit.ToStateEdit().Of(other)));
                AssertSame(step, here, one, there, other);
                var budget = budgets[step % budgets.Length];
                (one, other) = (here.Flow.Step(one, budget, reset: true), form.Travel(there.Flow, there.Flow.Step(other, budget, reset: true)));
                AssertSame(step, here, one, there, other);
                here.Flow.Clock.Advance(Pause);
                there.Flow.Clock.Advance(Pause);
            }
        }, iter: Series.Cases(200, 20_000));

    [Fact]
    public void A_recorded_run_equals_one_in_memory_after_each_step_and_edit() =>
        Gen.Select(TaskSpec.Any.Array[1, 12], Gen.Int[1, 4], AnyEdit.Any.Null().Array[1, 10]).Sample((specs, budget, edits) =>
        {
            var (here, there) = (new AnyFlow(specs), new AnyFlow(specs, RecordedFlowExtensions.NewStore(), new() { MaxTail = 4, KeptOpenings = 2 }));
            var one = here.Flow.Step(here.Flow.New(), budget, reset: true);
            var other = there.Flow.Recorded(budget).Step("run");
            for (var step = 0; step < edits.Length || (one.HasPending && step < 30); step++)
            {
                if (step < edits.Length && edits[step]?.In(one) is { } edit)
                    (one, other) = (edit.ToStateEdit().Of(one), there.Flow.Ask(RequestKind.Edit, edit: edit));
                AssertSame(step, here, one, there, other);
                here.Flow.Clock.Advance(Pause);
                there.Flow.Clock.Advance(Pause);
                (one, other) = (here.Flow.Step(one, budget, reset: true), there.Flow.Recorded(budget).Step("run"));
                AssertSame(step, here, one, there, other);
            }
        }, iter: Series.Cases(100, 20_000), threads: 2);

    [Fact]
    public void A_run_edited_whenever_it_rests_ends_the_same_however_it_is_cut_and_throttled() =>
        Gen.Select(TaskSpec.AnyUnordered.Array[1, 12], Gen.Int[1, 6].Array[1, 6], Gen.Int[1, 5].Array[1, 6], AnyEdit.Any.Array[1, 5]).Sample((specs, budgets, limits, edits) =>
        {
            var (whole, cut) = (new AnyFlow(specs), new AnyFlow(specs));
            var (one, other) = (Rest(whole, whole.Flow.New(), _ => new()), Rest(cut, cut.Flow.New(), BudgetOf));
            for (var i = 0; i < edits.Length; i++)
            {
                AssertSame(i, whole, one, cut, other);
                Assert.Equal(whole.AllRan, cut.AllRan);
                var edit = edits[i].In(one).ToStateEdit();
                (one, other) = (edit.Of(one), cut.Flow.Travel(edit.Of(other)));
                AssertSame(i, whole, one, cut, other);
                (one, other) = (Rest(whole, one, _ => new()), Rest(cut, other, BudgetOf));
            }

            AssertSame(edits.Length, whole, one, cut, other);
            Assert.Equal(whole.AllRan, cut.AllRan);

            StepBudget BudgetOf(int step) => new()
            {
                MaxTasks = budgets[step % budgets.Length],
                Throttle = limits[step % limits.Length] is > 1 and var limit ? new(limit, new Dictionary<string, int> { ["few"] = 1 }) : null,
            };
        }, iter: Series.Cases(200, 20_000));

    // Until nothing is left that could run. What is cached is too old for the next time.
    private static FlowState Rest(AnyFlow flow, FlowState run, Func<int, StepBudget> budgetOf)
    {
        flow.Flow.Clock.Advance(TimeSpan.FromHours(4));
        for (var step = 0; run.HasPending; step++)
        {
            Assert.True(step < 500, "The run does not end.");
            var options = new StepOptions { Budget = budgetOf(step), ResetCancelled = true, Pool = new ThreadPoolBodies() };
            run = flow.Flow.Travel(StepRunner.Run(run, options, cancellationToken: TestContext.Current.CancellationToken));
            flow.Flow.Clock.Advance(Pause);
        }

        return run;
    }

    // A run says what it is at the time when it is asked first: both are asked now.
    private static void AssertSame(int step, AnyFlow flow, FlowState run, AnyFlow otherFlow, FlowState other)
    {
        var (here, there) = (AnyFlow.Describe(flow.Flow.Travel(run)), AnyFlow.Describe(otherFlow.Flow.Travel(other)));
        Assert.True(here == there, $"Before or after step {step} one is\n{here}\nand the other\n{there}");
        Assert.Equal(flow.AllRan, otherFlow.AllRan);
    }
}
