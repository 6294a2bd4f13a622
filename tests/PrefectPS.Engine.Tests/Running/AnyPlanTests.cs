using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>What then runs is what was planned, in any flow: fresh, half done, and after its end and an edit.</summary>
public class AnyPlanTests
{
    private const TaskSpec.Extras Handlers = TaskSpec.Extras.Handler | TaskSpec.Extras.ThrowingHandler;

    private static readonly Gen<TaskSpec> Specs = TaskSpec.Any.Select(WithoutHandlers);

    [Fact]
    public void A_step_does_what_was_planned_if_bodies_succeed() =>
        Gen.Select(Specs.Array[1, 12], Gen.Int[1, 8], AnyEdit.Any, Gen.Int[1, 4]).Sample((specs, budget, edit, limit) =>
        {
            var any = new AnyFlow(specs);
            Check(any, any.Flow.New(), maxTasks: null);

            any = new AnyFlow(specs);
            Check(any, any.Flow.Step(any.Flow.New(), budget, reset: true), maxTasks: null);

            // After its end, an edit makes it run again, in part.
            any = new AnyFlow(specs);
            var ended = any.Flow.RunAll();
            Check(any, edit.In(ended).ToStateEdit().Of(ended), limit == 4 ? null : limit);
        }, iter: Series.Cases(1_000, 50_000));

    [Fact]
    public void A_plan_without_user_code_or_pending_results_has_nothing_unknown() =>
        Specs.Array[1, 10].Sample(specs =>
        {
            var any = new AnyFlow([.. specs.Select(spec => spec with { Kind = 8, When = spec.When % 3, Extra = TaskSpec.Extras.None, Inner = [] })]);
            Assert.All(Plan(any.Flow.New()), plan => Assert.Equal(FlowPlanAction.Run, plan.Kind));
        }, iter: Series.Cases(200, 2_000));

    private static TaskSpec WithoutHandlers(TaskSpec spec) => spec with { Extra = spec.Extra & ~Handlers, Inner = [.. spec.Inner.Select(WithoutHandlers)] };

    private static IReadOnlyList<FlowTaskPlan> Plan(FlowState run, int? maxTasks = null) =>
        StepPlanner.Plan(run, new() { Budget = new() { MaxTasks = maxTasks }, ResetCancelled = true }, TestContext.Current.CancellationToken);

    private static void Check(AnyFlow any, FlowState run, int? maxTasks)
    {
        var before = AnyFlow.Describe(run);
        var ranBefore = any.AllRan.ToList();
        var plans = Plan(run, maxTasks);
        Assert.Equal(ranBefore, any.AllRan);
        Assert.Equal(before, AnyFlow.Describe(run));
        Assert.Equal(plans.Count, plans.Select(plan => plan.Path).Distinct().Count());

        var ran = new List<string>();
        any.Watch(ran.Add);
        var after = any.Flow.Step(run, maxTasks, reset: true);
        new Comparison(plans, ran, after, maxTasks is not null).Assert(run);
    }

    /// <summary>Compares, from the first task on, until something has come to another end than the plan takes it to.</summary>
    private sealed class Comparison(IReadOnlyList<FlowTaskPlan> plans, List<string> ran, FlowState after, bool isCounted)
    {
        private readonly HashSet<string> _surprising = new(StringComparer.Ordinal);

        public void Assert(FlowState run)
        {
            var faults = new List<string>();
            CheckAll(after, run, string.Empty, isSurprised: false, faults);
            var all = $"{string.Join('\n', faults)}\n--- plan\n{string.Join('\n', plans)}\n--- ran\n{string.Join(' ', ran)}";
            Xunit.Assert.True(faults.Count == 0, $"{all}\n--- before\n{AnyFlow.Describe(run)}\n--- after\n{AnyFlow.Describe(after)}");
        }

        private void CheckAll(FlowState run, FlowState? before, string path, bool isSurprised, List<string> faults)
        {
            foreach (var index in run.Flow.Plan.Order)
            {
                var task = run.Tasks[index];
                var follows = isSurprised || (isCounted && _surprising.Count > 0)
                    || run.Flow.Plan.UpstreamOf(index).ToArray().Any(upstream => _surprising.Contains(path + run.Flow.Plan.Tasks[upstream].Slug));
                var isOdd = follows;
                var ofParts = new List<string>();
                foreach (var part in task.Children.Prepend(task))
                    isOdd |= CheckOne(part, path, follows, ofParts);
                if (!(isOdd && task.Task.Goal is not null)) // what becomes of one child decides about the others
                    faults.AddRange(ofParts);
                if (isOdd)
                    _surprising.Add(path + task.Slug);
            }
        }

        // Whether it has come to another end than the plan takes it to.
        private bool CheckOne(FlowTaskState task, string path, bool follows, List<string> faults)
        {
            var own = path + task.Slug;
            var plan = plans.FirstOrDefault(each => each.Path == own);
            if (task.Subflow is { } inner)
                CheckAll(inner, null, $"{own}/", follows || plan is null or { Kind: not FlowPlanAction.Run }, faults);
            if (follows || plan is null)
                return true;
            if (plan.Kind == FlowPlanAction.Unknown)
                return true;
            if (task.Children.Count > 0)
                return !task.IsSuccessful; // its children say it
            var isBody = task.Task.Subflow is null;
            var fault = plan.Kind switch
            {
                FlowPlanAction.Run when isBody => !ran.Contains(own),
                FlowPlanAction.Cached => ran.Contains(own) || task.StateType != StateType.Cached,
                FlowPlanAction.Skip => ran.Contains(own) || !(task.IsSkipped || task.StateType == StateType.Mapped),
                FlowPlanAction.Fail => ran.Contains(own) || !task.IsFailed,
                FlowPlanAction.Wait => ran.Contains(own) || task.IsFinished,
                FlowPlanAction.Keep => ran.Contains(own),
                _ => false,
            };
            if (fault)
                faults.Add($"{plan}, and it is {task.State} '{task.Message}'{(ran.Contains(own) ? ", and ran" : "")}");
            var isOnce = !isBody || ran.Count(path => path == own) <= 1; // else more of a budget is used than was planned
            var hasSurprise = _surprising.Any(path => path.StartsWith($"{own}/", StringComparison.Ordinal));
            return plan.Kind == FlowPlanAction.Run && !(isOnce && !hasSurprise && (task.StateType == StateType.Success || (!isBody && task.IsSuccessful && !task.IsSkipped)));
        }
    }
}
