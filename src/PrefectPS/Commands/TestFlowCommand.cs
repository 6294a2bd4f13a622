using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Tests whether a flow can run: every task that another waits for exists, and none waits for itself.</para></summary>
[Cmdlet(VerbsDiagnostic.Test, "Flow")]
[OutputType(typeof(bool))]
public sealed class TestFlowCommand : SelectingCmdlet
{
    /// <summary>The flow.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Flow Flow { get; set; } = null!;

    /// <inheritdoc/>
    protected override void Process()
    {
        try
        {
            _ = Flow.Plan;
            var selection = SelectionIn(Flow, SelectionScope.Any)?.Selection;
            Warn(EmptyFlows.In(Flow));
            Warn(CallerVariableReads.Of(Flow, SessionState, selection));
            WriteObject(true);
        }
        catch (FlowException e)
        {
            WriteError(e);
            WriteObject(false);
        }
    }
}
