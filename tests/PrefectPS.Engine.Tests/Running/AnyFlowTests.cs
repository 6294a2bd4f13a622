using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>What must hold of any flow, however it is cut into steps.</summary>
public class AnyFlowTests
{
    private static readonly Gen<TaskSpec> Specs =
        from kind in Gen.Int[0, 9]
        from upstream in Gen.Int[0, 100].Array[0, 3]
        from trigger in Gen.Int[0, 4]
        select new TaskSpec(kind, upstream, trigger);

    private static readonly string[] Triggers = ["all_successful", "all_successful", "all_finished", "any_successful", "not_all_skipped"];

    [Fact]
    public void Cut_into_steps_of_any_size_it_ends_as_in_one_and_runs_each_body_as_often() =>
        Gen.Select(Specs.Array[1, 12], Gen.Int[1, 4].Array[1, 6]).Sample((specs, budgets) =>
        {
            var whole = Make(specs);
            var expected = Describe(whole.RunAll());

            var cut = Make(specs);
            var run = cut.New();
            for (var step = 0; run.HasPending; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                run = cut.Travel(cut.Step(run, budgets[step % budgets.Length], reset: true));
            }

            Assert.Equal(expected, Describe(run));
            Assert.Equal(whole.Ran.Order(), cut.Ran.Order());
        });

    [Fact]
    public void With_any_throttle_it_ends_as_with_none_and_runs_each_body_as_often() =>
        Gen.Select(Specs.Array[1, 12], Gen.Int[2, 5], Gen.Int[1, 12]).Sample((specs, limit, budget) =>
        {
            var whole = Make(specs);
            var expected = Describe(whole.RunAll());

            var many = Make(specs);
            var run = many.New();
            for (var step = 0; run.HasPending; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                var options = new StepBudget { MaxTasks = budget, Throttle = new Throttle(limit) };
                run = many.Travel(StepRunner.Run(run, options, resetCancelled: true, new ThreadPoolBodies(), cancellationToken: TestContext.Current.CancellationToken));
            }

            Assert.Equal(expected, Describe(run));
            Assert.Equal(whole.Ran.Order(), many.Ran.Order());
        });

    [Fact]
    public void Killed_while_a_task_runs_it_ends_the_same_and_runs_only_that_task_once_more() =>
        Gen.Select(Specs.Array[1, 12], Gen.Int[1, 3], Gen.Int[0, 30]).Sample((specs, budget, killAt) =>
        {
            var whole = Make(specs);
            var expected = Describe(whole.RunAll());

            // The document was written when the task had been started, and its process was killed then.
            var cut = Make(specs);
            var run = cut.New();
            for (var step = 0; run.HasPending; step++)
            {
                if (step == killAt && FirstReady(cut, run) is { } victim)
                    run = cut.Travel(run.Change((task, state) => task.Name == victim && state.Children is null ? state with { Type = StateType.Running } : state));
                run = cut.Travel(cut.Step(run, budget, reset: true));
            }

            Assert.Equal(expected, Describe(run));
        });

    [Fact]
    public void It_runs_in_the_same_order_each_time() => Specs.Array[1, 12].Sample(specs =>
    {
        var (one, other) = (Make(specs), Make(specs));
        one.RunAll();
        other.RunAll();
        Assert.Equal(one.Ran, other.Ran);
    });

    // A task that has not been started, whose upstream tasks have ended well, and that does not count its own attempts.
    private static string? FirstReady(TestFlow flow, FlowState run) =>
        flow.Flow.Plan.Tasks.FirstOrDefault(task =>
            run.States[task.Index] is { Type: StateType.Pending, LoopCount: 1 }
            && task.Retry is null && !task.IsMapped && task.Trigger == Trigger.AllSuccessful
            && flow.Flow.Plan.UpstreamOf(task.Index).ToArray().All(u => run.States[u] is { Type: StateType.Success }))?.Name;

    private static string Describe(FlowState run) =>
        $"{run.State} {run.Message}\n" + string.Join('\n', run.Tasks.SelectMany(t => t.Children.Prepend(t)).Select(t =>
            $"{t.Slug} {t.State} {t.Message} {Show(t.Result)}"));

    private static string Show(object? value) => value is object?[] items ? $"[{string.Join(' ', items.Select(Show))}]" : $"{value}";

    private static TestFlow Make(TaskSpec[] specs)
    {
        var flow = new TestFlow();
        for (var i = 0; i < specs.Length; i++)
        {
            int[] upstream = i == 0 ? [] : [.. specs[i].Upstream.Select(u => u % i).Distinct()];
            flow.Add(specs[i].ToOptions($"t{i}", [.. upstream.Select(u => $"t{u}")]));
        }

        return flow;
    }

    private sealed record TaskSpec(int Kind, int[] Upstream, int Trigger)
    {
        public TaskOptions ToOptions(string name, string[] upstream)
        {
            var maps = Kind == 7 && upstream.Length > 0;
            KeyValuePair<string, string>[] inputs = [.. upstream.Select((task, i) => new KeyValuePair<string, string>($"p{i}", task))];
            return new(name, TestFlow.Body((context, arguments) => Run(name, context, arguments)))
            {
                Map = maps ? inputs[..1] : [],
                InputFrom = maps ? inputs[1..] : inputs,
                Trigger = PrefectPS.Triggers.Trigger.Find(Triggers[Trigger])!,
                SkipOnUpstreamSkip = Trigger % 2 == 0,
                Retry = Kind is 3 or 4 ? new() { MaxRetries = 2 } : null,
            };
        }

        private object? Run(string name, FlowContext context, TaskArguments arguments)
        {
            var inputs = string.Join(',', Enumerable.Range(0, arguments.Count).Select(i => Show(arguments[i].Value)));
            return Kind switch
            {
                1 => throw new InvalidOperationException($"{name} fails"),
                2 => throw RecordingHandler.Signal(StateType.Skipped, $"{name} skips"),
                3 when context.RunCount < 3 => throw new InvalidOperationException("not yet"),
                4 => throw new InvalidOperationException("never"),
                5 when context.LoopCount < 3 => throw new FlowSignalException(
                    new(StateType.Looped) { Result = TaskResult.Of($"{context.LoopResult}{context.LoopCount}") }, endsRun: false),
                5 => $"{name} looped {context.LoopResult}",
                6 => new object[] { $"{name}.0", $"{name}.1" },
                8 => null,
                _ => $"{name}({inputs})",
            };
        }
    }
}
