using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>What must hold of a part of any flow: its tasks end as they do in a run of the whole, and no other is touched, however the run is cut or killed.</summary>
public class AnySelectionTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    // What is cached is shared with tasks that are not selected: whether they have run shows.
    private static readonly Gen<TaskSpec> Specs = TaskSpec.AnyUnordered.Where(spec => spec.ToOptions("t", [], caches: true).Cache is null);

    [Fact]
    public void Selected_tasks_end_as_in_a_whole_run_and_others_stay_unchanged() =>
        Gen.Select(Specs.Array[1, 12], Gen.Int[0, 11].Array[1, 3], Gen.Int[1, 4].Array[1, 6], Gen.Int[1, 4].Array[1, 4]).Sample((specs, chosen, budgets, limits) =>
        {
            var whole = new AnyFlow(specs);
            var expected = whole.Flow.RunAll();
            var part = new AnyFlow(specs);
            var selection = Selecting.Only([.. chosen.Select(task => $"t{task % specs.Length}")]);
            var run = part.Flow.Begin(selection);
            for (var step = 0; run.HasPending; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                var limit = limits[step % limits.Length];
                run = part.Flow.Travel(part.Flow.Step(run, selection: null, budgets[step % budgets.Length], limit == 1 ? 0 : limit));
                part.Flow.Clock.Advance(Pause);
            }

            AssertIsPartOf(run, expected);
        }, threads: 2);

    [Fact]
    public void No_later_step_widens_a_recorded_selection_whenever_the_process_is_killed() =>
        Gen.Select(Specs.Array[1, 10], Gen.Int[0, 9].Array[1, 3], Gen.Int[1, 30].Array[1, 8], Gen.Bool, Gen.Int[1, 3], Gen.Int[0, 2]).Sample(
            (specs, chosen, kills, isAfter, budget, durability) =>
            {
                var expected = new AnyFlow(specs).Flow.RunAll();
                var store = RecordedFlowExtensions.NewStore();
                var change = Selecting.Only([.. chosen.Select(task => $"t{task % specs.Length}")]).Any();
                var begun = false;
                FlowState? run = null;
                for (var process = 0; run is null || run.HasPending; process++)
                {
                    Assert.True(process < 500, "The run does not end.");
                    var dying = new DyingStore(store, process < kills.Length ? kills[process] : 0, isAfter);
                    var flow = new AnyFlow(specs, dying).Flow;
                    var steps = new RecordedSteps(flow.Flow, choice => new(choice)
                    {
                        Budget = new() { MaxTasks = budget, Wait = true },
                        Durability = (FlowDurability)durability,
                        Selection = begun ? null : change with { Scope = SelectionScope.Narrow },
                    });
                    try
                    {
                        run = steps.Step("run");
                        dying.HasEnded = true;
                    }
                    catch (ProcessKilledException)
                    {
                        run = null;
                    }

                    // From now on nobody says it again.
                    begun |= RecordedRuns.Read(new AnyFlow(specs, store).Flow.Flow, "run") is not null;
                }

                AssertIsPartOf(run, expected);
            }, iter: 200, threads: 2);

    [Fact]
    public void A_narrowed_recorded_run_runs_nothing_else_whenever_the_process_is_killed() =>
        Gen.Select(Specs.Array[2, 10], Gen.Int[0, 9], Gen.Int[1, 30].Array[1, 8], Gen.Bool, Gen.Int[1, 3], Gen.Int[0, 2])
        .Sample((specs, chosen, kills, isAfter, budget, durability) =>
        {
            var store = RecordedFlowExtensions.NewStore();
            var before = new AnyFlow(specs, store).Flow.Recorded(maxTasks: 1, wait: true).Step("run");
            var selection = Selecting.Only($"t{chosen % specs.Length}");
            var narrowed = new SelectionChange(selection, SelectionScope.Narrow);
            FlowState? run = null;
            for (var process = 0; run is null || run.HasPending; process++)
            {
                Assert.True(process < 500, "The run does not end.");
                var dying = new DyingStore(store, process < kills.Length ? kills[process] : 0, isAfter);
                var flow = new AnyFlow(specs, dying).Flow;

                // Once a task of it has begun, plain steps go on.
                var isOnRecord = RecordedRuns.Read(new AnyFlow(specs, store).Flow.Flow, "run")!.Selection is not null;
                var steps = new RecordedSteps(flow.Flow, choice => new(choice)
                {
                    Budget = new() { MaxTasks = budget, Wait = true },
                    Durability = (FlowDurability)durability,
                    Selection = isOnRecord ? null : narrowed,
                });
                try
                {
                    run = steps.Step("run");
                    dying.HasEnded = true;
                }
                catch (ProcessKilledException)
                {
                    run = null;
                    AssertNothingElseRan(flow, before, selection);
                    if (flow.Ran.Count > 0)
                        Assert.NotNull(RecordedRuns.Read(new AnyFlow(specs, store).Flow.Flow, "run")!.Selection); // before the first of them
                }
            }

            Assert.NotNull(run.Selected);
            foreach (var task in run.Tasks.Where(task => !run.Selected.Has(task.Task.Index)))
                Assert.Equal(Text(before.Tasks[task.Task.Index], isReset: true), Text(task, isReset: true));
        }, iter: 200, threads: 2);

    [Fact]
    public void A_state_with_another_selection_than_its_record_is_recorded_with_it()
    {
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore() }).Task("a").Task("b", "a").Task("c", "a");
        var whole = flow.Recorded(maxTasks: 1).Step("run");
        flow.Recorded(maxTasks: 1).Step(Selecting.Only("b").Any().ApplyTo(whole)); // nobody says it to the step
        Assert.Equal("b", RecordedRuns.Read(flow.Flow, "run")!.Selection);
        flow.Recorded().Step("run");
        Assert.Equal(["a", "b"], flow.Ran);
    }

    private static void AssertNothingElseRan(TestFlow flow, FlowState before, RunSelection selection)
    {
        var selected = selection.In(before.Flow.Plan);
        Assert.All(flow.Ran, name => Assert.True(selected.Has(before.Flow.Find(name)!.Index)));
    }

    private static void AssertIsPartOf(FlowState run, FlowState whole)
    {
        foreach (var task in run.Tasks)
        {
            if (run.Selected?.Has(task.Task.Index) != false)
                Assert.Equal(Text(whole.Tasks[task.Task.Index]), Text(task));
            else
                Assert.Equal(State.NotRun, task.Inner);
        }
    }

    private static string Text(FlowTaskState task, bool isReset = false) =>
        isReset && task.StateType == StateType.Cancelled ? "Pending" : string.Join('\n', task.Children.Prepend(task).Select(t =>
            $"{t.Slug} {t.State} {t.Message} {(t.Subflow is { } inner ? AnyFlow.Describe(inner) : "")}"));
}
