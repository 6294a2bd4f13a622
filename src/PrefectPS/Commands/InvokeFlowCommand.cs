using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Runs a flow to its end, in this process.</para></summary>
[Cmdlet(VerbsLifecycle.Invoke, "Flow", SupportsShouldProcess = true)]
[OutputType(typeof(FlowState))]
public sealed class InvokeFlowCommand : FlowCmdlet
{
    /// <summary>The flow.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Flow Flow { get; set; } = null!;

    /// <inheritdoc/>
    protected override void Process()
    {
        var run = FlowState.New(Flow);
        WriteObject(ShouldProcess(Flow.Name, "Run flow") ? StepRunner.Run(run, StepBudget.Unlimited, cancellationToken: StopToken) : run);
    }
}
