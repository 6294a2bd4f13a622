using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Stops a recorded run, whether a step works on it or not.</para></summary>
[Cmdlet(VerbsLifecycle.Stop, "FlowRun", DefaultParameterSetName = RunSet, SupportsShouldProcess = true)]
[OutputType(typeof(FlowState), typeof(FlowRun), typeof(string))]
public sealed class StopFlowRunCommand : ControlCmdlet
{
    /// <summary>Let bodies that run end, and stop the run then.</summary>
    [Parameter]
    public SwitchParameter Drain { get; set; }

    /// <inheritdoc/>
    private protected override RequestKind Kind => RequestKind.Stop;

    /// <inheritdoc/>
    private protected override ControlRequest Complete(ControlRequest request, Flow? flow) => request with { IsSpecial = Drain };

    /// <inheritdoc/>
    private protected override string Action => Drain ? "Stop run once its bodies have ended" : "Stop run";

    /// <inheritdoc/>
    private protected override void Look(FlowState run)
    {
        if (!run.IsStopped)
            WarnOfEnd(run, "stop");
    }
}
