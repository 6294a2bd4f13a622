using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Flows;

/// <summary>What a run keeps of its tasks by the events is what its states say.</summary>
public class SettledTasksTests
{
    private static readonly Gen<State> States = AnyStates.Gen.Select(Gen.Bool, (state, isFinished) => isFinished ? new(StateType.Success) : state);

    [Fact]
    public void Incremental_updates_match_a_recount() => Gen.Select(States.Array[1, 150], States.Array[150], Gen.Bool.Array[150], Gen.Bool.Array[150], Gen.Bool).Sample(
        (before, others, changes, notes, isInOrder) =>
        {
            var flow = FlowOf(before.Length, isInOrder);
            var after = (State[])before.Clone();
            var changed = new TaskSet(before.Length);
            for (var task = 0; task < before.Length; task++)
            {
                if (changes[task])
                    after[task] = others[task];
                if (changes[task] || notes[task])
                    changed.Add(task);
            }

            AssertSame(SettledTasks.Of(flow.Plan, after), SettledTasks.Of(flow.Plan, before).After(flow.Plan, before, after, changed));
        });

    [Fact]
    public void A_new_run_has_no_settled_tasks() =>
        Assert.All([true, false], isInOrder =>
        {
            var flow = FlowOf(5, isInOrder);
            var run = FlowState.New(flow);
            AssertSame(SettledTasks.Of(flow.Plan, run.States), run.Settled);
        });

    [Fact]
    public void Settled_tasks_are_those_that_no_step_runs_again()
    {
        State[] states =
        [
            new(StateType.Success), new(StateType.Failed), State.CancelledByBudget, State.CancelledByBudget with { HasEndedItself = true },
            new(StateType.Mapped) { Children = [new(StateType.Success)] }, State.NotRun,
        ];

        var settled = SettledTasks.Of(FlowOf(states.Length, isInOrder: true).Plan, states);

        Assert.Equal([2, 4, 5], settled.Unsettled);
        Assert.Equal((3, 1, 1), (settled.Count, settled.Failed, settled.Cancelled));
    }

    // In the other order each task waits for the one defined after it.
    private static Flow FlowOf(int count, bool isInOrder)
    {
        var flow = new TestFlow();
        for (var task = 0; task < count; task++)
            flow.Task($"t{task}", isInOrder || task == count - 1 ? [] : [$"t{task + 1}"]);
        Assert.Equal(count - 1, flow.Flow.Plan.PositionOf(isInOrder ? count - 1 : 0));
        return flow.Flow;
    }

    private static void AssertSame(SettledTasks expected, SettledTasks actual)
    {
        Assert.Equal(expected.Unsettled, actual.Unsettled);
        Assert.Equal((expected.Count, expected.Failed, expected.Cancelled), (actual.Count, actual.Failed, actual.Cancelled));
    }
}
