using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Asserts that a run has not ended Failed or Cancelled: one that has is a terminating error, and every other one passes through.</para></summary>
[Cmdlet(VerbsLifecycle.Assert, "FlowState")]
[OutputType(typeof(FlowState), typeof(FlowRun))]
public sealed class AssertFlowStateCommand : FlowCmdlet
{
    /// <summary>The run, as returned by a step or read from a state document, or a recorded run, from Get-FlowRun.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("State")]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        switch (PowerShellValues.Instance.Unwrap(InputObject))
        {
            case FlowState run when run.IsOver && IsBad(run.StateType):
                throw RunFailure.Of(run);
            case FlowRun run when run.IsFinished && IsBad(run.StateType):
                throw FailureOf(run);
            case FlowState or FlowRun:
                WriteObject(InputObject);
                break;
            case var other:
                throw ModuleErrors.NoRun(other);
        }
    }

    private static bool IsBad(StateType state) => state.IsFailed() || state == StateType.Cancelled;

    // That the run failed is known; its record only says more of it.
    private FlowException FailureOf(FlowRun run)
    {
        try
        {
            return RunFailure.Of(run, RunOnRecord.Read(run, _ => { }));
        }
        catch (FlowException e)
        {
            WriteWarning($"What failed in run '{run.RunId}' cannot be read. {e.Message}");
            return RunFailure.Of(run, details: null);
        }
    }
}
