using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>What is told of a run while a step works on it, or after its process was killed, by who does not have its flow.</summary>
public class RunningStepTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Ended_tasks_are_listed_while_the_step_is_running(int stepsBefore)
    {
        for (var step = 0; step < stepsBefore; step++)
            Make(_store).Recorded(maxTasks: 1).Step("run");
        var killed = new InterruptedStore(_store, $"/journal/{(stepsBefore * 2) + 4:D10}", () => throw new ProcessKilledException());
        Assert.Throws<ProcessKilledException>(() => Make(killed).Recorded(durability: FlowDurability.Task).Step("run"));

        var run = Assert.Single(_store.AllRuns());
        Assert.Equal((4, stepsBefore + 2, stepsBefore + 1, StateType.Pending), (run.TaskCount, run.FinishedCount, run.Step, run.StateType));
        Assert.Equal($"{2 - stepsBefore} of 4 tasks still to run.", run.Message);
        var outline = OutlinedRun.Read(_store, "flow", "run", new())!;
        Assert.Equal(["a", "b", "c", "d"], outline.Tasks.Select(task => task.Slug));
        Assert.Equal(stepsBefore + 2, outline.Tasks.Count(task => task.StateType == StateType.Success));
        Assert.NotEmpty(RunHistory.Find(_store, "flow", "run")!.Changes);
    }

    [Fact]
    public void A_run_without_records_exists_and_has_no_outline()
    {
        var killed = new InterruptedStore(_store, "/journal/", () => throw new ProcessKilledException());
        Assert.Throws<ProcessKilledException>(() => Make(killed).Recorded().Step("run"));

        Assert.Equal((4, 0, 0), _store.AllRuns().Select(run => (run.TaskCount, run.FinishedCount, run.Step)).Single());
        Assert.Null(OutlinedRun.Read(_store, "flow", "run", new()));
        Assert.Equal(StateType.Success, Make(_store).Recorded().Step("run").StateType);
    }

    [Theory]
    [InlineData("/journal/", true)]
    [InlineData("run-index/flow/open/", false)]
    public void A_reopened_run_is_listed_as_finished_until_its_first_record(string killedAt, bool isFinished)
    {
        Make(_store).Recorded().Step("run");
        var killed = new InterruptedStore(_store, killedAt, () => throw new ProcessKilledException(), skip: isFinished ? 0 : 2);
        var again = Make(killed);
        var request = new ControlRequest("1", RequestKind.Edit, "sender", TestFlow.Start) { Edit = new(StateType.Pending) { Tasks = ["c"] } };
        var sender = new RequestSender(new(killed), new("flow", "run"), again.Flow, again.Flow.Services);
        Assert.Throws<ProcessKilledException>(() => sender.Send(request, TimeSpan.Zero, CancellationToken.None));

        var run = Assert.Single(_store.AllRuns());
        Assert.Equal((isFinished, isFinished ? 4 : 3), (run.IsFinished, run.FinishedCount));
        Assert.Equal(StateType.Success, Make(_store).Recorded().Step("run").StateType);
    }

    private static TestFlow Make(IFlowStore store) =>
        new TestFlow(options: new() { Store = store }).Task("a").Task("b", "a").Task("c", "b").Task("d", "c");
}
