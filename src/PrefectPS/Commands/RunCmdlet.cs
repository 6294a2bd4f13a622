using System.Collections;
using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Progress;
using PrefectPS.Running;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>What the cmdlets that run a flow share: which run, new or given, and how many of its tasks at once.</summary>
public abstract class RunCmdlet : FlowCmdlet
{
    private protected const string StateSet = "State";
    private protected const string FlowSet = "Flow";

    /// <summary>The flow, of which a new run is started.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Flow Flow { get; set; } = null!;

    /// <summary>The run to go on with, as the step before left it.</summary>
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
    protected sealed override void Process() =>
        Process(ParameterSetName == FlowSet ? GivenRun.New(Flow, Parameter) : GivenRun.Existing(State, Parameter));

    /// <summary>Runs what is to be run of a run, and writes it.</summary>
    private protected abstract void Process(FlowState run);

    /// <summary>Runs a step, its bodies where they belong.</summary>
    private protected FlowState RunStep(FlowState run, StepBudget budget, bool resetCancelled = false)
    {
        budget = budget with { Throttle = ThrottleParameter.Resolve(run.Flow, ThrottleLimit) };
        using var progress = ProgressWriter.For(this, run.Flow, StopToken);
        using var pool = budget.Throttle is null ? null : new RunspaceBodyPool(this);
        return StepRunner.Run(run, budget, resetCancelled, pool, progress, new StepNotices(this), StopToken);
    }
}
