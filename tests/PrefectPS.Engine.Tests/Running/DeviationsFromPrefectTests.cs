using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Failures of the original step-by-step workaround, listed in <c>PREFECT.md</c> 8; each test shows our behavior.</summary>
public class DeviationsFromPrefectTests
{
    [Fact]
    public void Row_a_the_budget_belongs_to_the_step_and_needs_no_reset()
    {
        var flow = SeedFlow.Make();
        Assert.Equal(4, flow.RunInSteps(maxTasks: 2).Count);
        Assert.Equal(4, flow.RunInSteps(maxTasks: 2).Count); // again in the same process, where the original never ends
        Assert.Equal(16, flow.Ran.Count);
    }

    [Fact]
    public void Row_b_tasks_without_a_slug_use_their_name()
    {
        var flow = SeedFlow.Make();
        var steps = flow.RunInSteps(maxTasks: 1);
        Assert.Equal(8, flow.Ran.Distinct().Count());
        Assert.Equal(StateType.Success, steps[^1].StateType);
    }

    [Fact]
    public void Row_b_a_state_without_slug_and_name_is_reported()
    {
        var flow = SeedFlow.Make();
        var decoded = Read(flow, """[{"task":{"slug":null},"state":{"type":"Success"}}]""");
        Assert.Equal(["The task at position 0, which has neither slug nor name, in the state document is not in flow 'this is my first flow'; its state Success is ignored."],
            decoded.Warnings);
    }

    [Fact]
    public void Row_b_a_run_that_is_not_complete_is_never_Success()
    {
        var flow = SeedFlow.Make();
        foreach (var budget in Enumerable.Range(1, 7))
            Assert.NotEqual(StateType.Success, flow.Step(flow.New(), budget).StateType);
    }

    [Fact]
    public void Row_c_duplicate_task_names_are_rejected() =>
        Assert.Equal(FlowErrorId.TaskExists, Assert.Throws<FlowException>(() => new TestFlow().Task("dup").Task("dup")).Id);

    [Fact]
    public void Row_c_a_duplicate_task_in_a_document_is_reported()
    {
        var flow = SeedFlow.Make();
        var decoded = Read(flow, """
            [{"task":{"slug":"task1"},"state":{"type":"Success"}}, {"task":{"slug":"task1"},"state":{"type":"Pending"}}]
            """);
        Assert.Equal(["Task 'task1' is in the state document more than once; the state Success is used."], decoded.Warnings);
        Assert.Equal(StateType.Success, decoded.Run.Of("task1").StateType);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Row_d_a_result_survives_from_step_to_step(int budget)
    {
        var flow = new TestFlow()
            .Task("a", _ => 41)
            .Add(new("b", TestFlow.Body(arguments => (int)arguments[0].Value! + 1)) { InputFrom = [new("x", "a")] });
        Assert.Equal(42, flow.RunInSteps(budget)[^1].Of("b").Result);
    }

    [Fact]
    public void Row_e_the_budget_needs_no_handlers()
    {
        var trick = new RecordingHandler();
        var flow = new TestFlow();
        flow.Add(new("a", TestFlow.Body(_ => 1)) { StateHandlers = [trick] });
        flow.Add(new("b", TestFlow.Body(_ => 2)) { StateHandlers = [trick] });
        flow.Add(new("list", TestFlow.Body(arguments => (int)arguments[0].Value! + (int)arguments[1].Value!)) { InputFrom = [new("x", "a"), new("y", "b")] });
        var steps = flow.RunInSteps(maxTasks: 1);
        Assert.Equal(3, steps.Count);
        Assert.Equal((StateType.Success, 3), (steps[^1].StateType, steps[^1].Of("list").Result));
    }

    [Fact]
    public void Row_k_a_chain_in_single_steps_runs_each_task_once_and_writes_under_120_bytes_a_task()
    {
        var flow = new TestFlow().Task("task0");
        for (var i = 1; i < 100; i++)
            flow.Task($"task{i}", $"task{i - 1}");
        var steps = flow.RunInSteps(maxTasks: 1, atMost: 100);
        Assert.Equal(100, steps.Count);
        Assert.Equal(100, flow.Ran.Distinct().Count());
        Assert.InRange(FlowStateWriter.Write(steps[^1]).Length, 1, 120 * 100);
    }

    [Fact]
    public void Row_l_a_task_found_Running_runs_again_as_the_next_attempt()
    {
        var flow = new TestFlow().Task("a").Task("b", "a");
        var crashed = flow.Travel(flow.New().Set("a", StateType.Running, "Starting task run."));
        Assert.True(crashed.HasPending);
        var run = flow.Step(crashed);
        Assert.Equal([StateType.Success, StateType.Success], run.Types());
        Assert.Equal((2, 1), (run.Of("a").RunCount, run.Of("b").RunCount));
        Assert.Equal(2, flow.Travel(run).Of("a").RunCount);
    }

    private static DecodedState Read(TestFlow flow, string document) =>
        FlowStateReader.Read(flow.Flow, System.Text.Encoding.UTF8.GetBytes(document));
}
