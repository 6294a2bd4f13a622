using System.Collections;
using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Runs a flow to its end, in this process.</para></summary>
[Cmdlet(VerbsLifecycle.Invoke, "Flow", DefaultParameterSetName = StateSet, SupportsShouldProcess = true)]
[OutputType(typeof(FlowState))]
public sealed class InvokeFlowCommand : FlowCmdlet
{
    private const string StateSet = "State";
    private const string FlowSet = "Flow";

    /// <summary>The flow, of which a new run is started.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Flow Flow { get; set; } = null!;

    /// <summary>A run to go on with, as a step left it.</summary>
    [Parameter(ParameterSetName = StateSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public FlowState State { get; set; } = null!;

    /// <summary>Parameter of the flow = its value, for a new run.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Parameter { get; set; } = new Hashtable();

    /// <summary>How many tasks may run at once, or a hashtable that says it for tags.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var run = ParameterSetName == FlowSet ? GivenRun.New(Flow, Parameter) : GivenRun.Existing(State, Parameter);
        var budget = new StepBudget { Wait = true, Throttle = ThrottleParameter.Resolve(run.Flow, ThrottleLimit) };
        WriteObject(ShouldProcess(run.Flow.Name, "Run flow") ? RunStep(run, budget, resetCancelled: false) : run);
    }
}
