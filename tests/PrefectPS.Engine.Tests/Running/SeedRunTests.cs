using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>The reference run of eight tasks. It runs in any topological order, ours in definition order: steps are compared as a whole.</summary>
public class SeedRunTests
{
    [Theory]
    [MemberData(nameof(SeedRun.Budgets), MemberType = typeof(SeedRun))]
    public void Steps_with_a_budget_match_the_reference_run(int budget)
    {
        var flow = SeedFlow.Make();
        var steps = new List<FlowState>();
        for (var run = flow.New(); run.HasPending; run = ResetByHand(flow.Travel(run)))
            steps.Add(run = flow.Step(run, budget));

        AssertMatches(steps, budget);
        Assert.Equal(Enumerable.Range(1, 8).Select(i => $"task{i}"), flow.Ran);
    }

    [Theory]
    [MemberData(nameof(SeedRun.Budgets), MemberType = typeof(SeedRun))]
    public void Steps_ended_by_a_state_handler_match_the_reference_run(int budget)
    {
        var trick = new CountingBudget(budget);
        var flow = SeedFlow.Make(new() { StateHandlers = [trick.Handler] });
        var steps = new List<FlowState>();
        var calls = new List<string[]>();
        for (var run = flow.New(); run.HasPending; run = ResetByHand(flow.Travel(run)))
        {
            trick.BeginStep();
            steps.Add(run = flow.Step(run));
            calls.Add([.. trick.Handler.Changes]);
        }

        AssertMatches(steps, budget);
        AssertCallsMatch(calls, budget);
        Assert.Equal(Enumerable.Range(1, 8).Select(i => $"task{i}"), flow.Ran);
    }

    private static FlowState ResetByHand(FlowState run) =>
        run.Change((_, state) => state.Type == StateType.Cancelled ? state.Reset("Mocked pending") : state);

    private static void AssertMatches(List<FlowState> steps, int budget)
    {
        var reference = SeedRun.Steps(budget).ToArray();
        Assert.Equal(reference.Length, steps.Count);
        for (var i = 0; i < steps.Count; i++)
        {
            var expected = reference[i].GetProperty("task_states_out").EnumerateObject()
                .Select(t => (t.Value.GetProperty("type").GetString(), t.Value.GetProperty("message").GetString()));
            var ours = steps[i].Tasks.Select(t => ((string?)t.StateType.Name(), t.Message));
            Assert.Equal(expected.Order(), ours.Order());
            Assert.Equal(i + 1, steps[i].Step);
            Assert.Equal(i + 1 < steps.Count ? StateType.Cancelled : StateType.Success, steps[i].StateType); // always Success in the reference: row b
        }
    }

    // The order determines which tasks are ready when the budget is used up and which are intercepted, but not how many.
    private static void AssertCallsMatch(List<string[]> calls, int budget)
    {
        var reference = SeedRun.Steps(budget).ToArray();
        for (var i = 0; i < calls.Count; i++)
        {
            var expected = reference[i].GetProperty("handler_calls").EnumerateArray().ToArray();
            Assert.Equal(expected.Length, calls[i].Length);
            Assert.Equal(expected.Count(c => c.GetProperty("new").GetString() == "Success"), calls[i].Count(c => c.Contains("Running->Success", StringComparison.Ordinal)));
            var intercepted = expected.Where(c => c.GetProperty("raises_ENDRUN_Cancelled").GetBoolean()).Select(c => c.GetProperty("task").GetString());
            Assert.Equal(intercepted.Count(), calls[i].Length - (2 * calls[i].Count(c => c.Contains("Running->Success", StringComparison.Ordinal))));
        }
    }
}
