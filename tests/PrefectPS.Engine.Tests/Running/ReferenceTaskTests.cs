using PrefectPS.Engine.Tests.Support;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

public class ReferenceTaskTests
{
    [Theory]
    [InlineData(null, StateType.Success, "All reference tasks succeeded.")]
    [InlineData("work", StateType.Failed, "Some reference tasks failed.")]
    public void A_successful_cleanup_hides_a_failure_unless_the_failed_task_is_a_reference_task(string? reference, StateType type, string message)
    {
        var flow = new TestFlow(options: new() { ReferenceTasks = reference is null ? [] : [reference] })
            .Task("work", _ => throw new InvalidOperationException())
            .Add(new("clean up", TestFlow.Body(_ => null)) { After = ["work"], Trigger = Trigger.Find("always_run")! });
        var run = flow.RunAll();
        Assert.Equal((type, message), (run.StateType, run.Message));
    }

    [Fact]
    public void An_unknown_reference_task_is_an_error_that_names_it()
    {
        var error = Assert.Throws<FlowException>(() => new TestFlow(options: new() { ReferenceTasks = ["nope"] }).Task("a").RunAll());
        Assert.Equal((FlowErrorId.TaskNotFound, "nope"), (error.Id, error.Target));
    }
}
