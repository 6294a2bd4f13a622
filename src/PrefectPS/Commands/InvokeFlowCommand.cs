using System.Management.Automation;
using PrefectPS.Running;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Runs a flow to its end, in this process.</para></summary>
[Cmdlet(VerbsLifecycle.Invoke, "Flow", DefaultParameterSetName = StateSet, SupportsShouldProcess = true)]
[OutputType(typeof(FlowState))]
public sealed class InvokeFlowCommand : RunCmdlet
{
    /// <inheritdoc/>
    private protected override void Process(FlowState run) =>
        WriteObject(ShouldProcess(run.Flow.Name, "Run flow") ? RunStep(run, new() { Wait = true }) : run);
}
