using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A run that cannot be continued is rejected before anything of the step is recorded.</summary>
public class RejectedStepTests
{
    private static readonly Func<RunIdentity, RunIdentity> IsAtItsLastStep = run => run with { Step = Limits.MaxSteps };
    private static readonly Func<RunIdentity, RunIdentity> HasLostASecret = run => run with { Secrets = ["password"] };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_used_up_its_steps_is_rejected(bool isOnRecord) => AssertRefused(isOnRecord, IsAtItsLastStep, FlowErrorId.StateInvalid, "the last possible step of a run");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_read_without_its_secrets_is_rejected(bool isOnRecord) => AssertRefused(isOnRecord, HasLostASecret, FlowErrorId.ParameterInvalid, "password");

    [Fact]
    public void A_suspended_run_without_its_secrets_is_returned_unchanged()
    {
        var flow = new TestFlow().Task("t");
        var suspended = HasLostASecret(flow.New().Identity) with { Control = new() { Hold = new(IsStop: false, "alice", TestFlow.Start, Reason: null) } };
        var given = new FlowState(flow.Flow, suspended, [State.NotRun]);
        Assert.Same(given, flow.Recorded().Step(given).Run);
    }

    private static void AssertRefused(bool isOnRecord, Func<RunIdentity, RunIdentity> change, string id, string says)
    {
        var store = RecordedFlowExtensions.NewStore();
        var flow = new TestFlow(options: new() { Store = isOnRecord ? store : null }).Task("t");
        var given = new FlowState(flow.Flow, change(flow.New().Identity), [State.NotRun]);

        var error = Assert.Throws<FlowException>(() => flow.Recorded().Step(given));

        Assert.Equal(id, error.Id);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Empty(flow.Ran);
        Assert.Empty(store.AllRuns());
    }
}
