using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Suspends a recorded run: nothing of it begins until it is resumed.</para></summary>
[Cmdlet(VerbsLifecycle.Suspend, "FlowRun", DefaultParameterSetName = RunSet, SupportsShouldProcess = true)]
[OutputType(typeof(FlowState), typeof(FlowRun), typeof(string))]
public sealed class SuspendFlowRunCommand : ControlCmdlet
{
    /// <inheritdoc/>
    private protected override RequestKind Kind => RequestKind.Suspend;

    /// <inheritdoc/>
    private protected override ControlRequest Complete(ControlRequest request, Flow? flow) => request;

    /// <inheritdoc/>
    private protected override string Action => "Suspend run";

    /// <inheritdoc/>
    private protected override void Look(FlowState run)
    {
        if (!run.IsSuspended)
            WarnOfEnd(run, "suspend");
    }
}
