using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A run on record whose flow has changed since its last step: what -OnChange says of it.</summary>
public class ChangedRecordTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_RerunChanged_changed_tasks_and_all_downstream_run_again(bool resumes)
    {
        Take(Make("1"), FlowChangeAction.Warn, resumes, maxTasks: 3);
        var flow = Make("2");

        var outcome = Take(flow, FlowChangeAction.RerunChanged, resumes);

        Assert.Equal(["b", "c", "end"], flow.Ran);
        Assert.Equal(["Flow 'flow' has changed since the state document was written: changed: b.", "Run 'run': 2 tasks run again."], outcome.Warnings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_Error_nothing_runs_and_nothing_is_held(bool resumes)
    {
        Take(Make("1"), FlowChangeAction.Warn, resumes, maxTasks: 3);
        var flow = Make("2");

        for (var time = 0; time < 2; time++)
            Assert.Equal(FlowErrorId.FlowChanged, Assert.Throws<FlowException>(() => Take(flow, FlowChangeAction.Error, resumes)).Id);

        Assert.Empty(flow.Ran);
        Take(flow, FlowChangeAction.Warn, resumes);
        Assert.Equal(["end"], flow.Ran);
    }

    [Fact]
    public void What_ran_again_in_a_step_that_died_does_not_run_once_more()
    {
        Take(Make("1"), FlowChangeAction.Warn, resumes: false, maxTasks: 3);
        using var stop = new CancellationTokenSource();
        var dies = Make("2", () =>
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Take(dies, FlowChangeAction.RerunChanged, resumes: false, stop: stop.Token));
        Assert.Equal(["b", "c", "end"], dies.Ran);
        var flow = Make("2");

        Take(flow, FlowChangeAction.RerunChanged, resumes: false);

        Assert.Equal(["end"], flow.Ran);
    }

    [Fact]
    public void Tasks_that_are_gone_are_told_with_what_may_be_the_cause()
    {
        Take(Make("1"), FlowChangeAction.Warn, resumes: false, maxTasks: 3);

        var outcome = Take(new TestFlow(options: new() { Store = _store }).Task("other"), FlowChangeAction.Warn, resumes: true);

        Assert.Contains(outcome.Warnings, warning => warning.Contains("Where another script has a flow of this name in the same store", StringComparison.Ordinal));
    }

    private StepOutcome Take(TestFlow flow, FlowChangeAction onChange, bool resumes, int? maxTasks = null, CancellationToken? stop = null)
    {
        RunChoice run = resumes && OpenRun.Find(flow.Flow) is not null
            ? new NewestRun(flow.Flow, RunParameters.None) { OnChange = onChange }
            : new RunById(flow.Flow, "run", RunParameters.None) { OnChange = onChange };
        return StepTaker.Take(new(run) { Budget = new() { MaxTasks = maxTasks }, Durability = FlowDurability.Task }, stop ?? Stop);
    }

    private TestFlow Make(string source, Action? ends = null) => new TestFlow(options: new() { Store = _store })
        .Task("a")
        .Add(new("b", TestFlow.Body((_, _) => null, source)) { After = ["a"] })
        .Task("c", "b")
        .Task("end", _ =>
        {
            ends?.Invoke();
            return null;
        }, "a");
}
