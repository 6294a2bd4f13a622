using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Runs a flow to its end, in this process.</para></summary>
[Cmdlet(VerbsLifecycle.Invoke, "Flow", DefaultParameterSetName = DefaultSet, SupportsShouldProcess = true)]
[OutputType(typeof(FlowState))]
public sealed class InvokeFlowCommand : RunCmdlet
{
    /// <summary>Run all bodies for real, and put each result through its stored form before the next task gets it.</summary>
    [Parameter]
    public SwitchParameter RoundTripResult { get; set; }

    /// <inheritdoc/>
    private protected override bool RoundTrips => RoundTripResult;

    /// <inheritdoc/>
    private protected override StepBudget Budget => new() { Wait = true };

    /// <inheritdoc/>
    private protected override bool Resets => false;

    /// <inheritdoc/>
    private protected override string ActionOf(int? step) => "Run flow";
}
