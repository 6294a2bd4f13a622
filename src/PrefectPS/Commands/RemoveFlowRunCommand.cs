using System.Management.Automation;
using PrefectPS.Runs;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Removes runs from the record in a store, with their results.</para></summary>
[Cmdlet(VerbsCommon.Remove, "FlowRun", DefaultParameterSetName = RunSet, SupportsShouldProcess = true)]
public sealed class RemoveFlowRunCommand : StoredRunCmdlet
{
    private const string RunSet = "Run";

    /// <summary>The run, as Get-FlowRun gets it.</summary>
    [Parameter(ParameterSetName = RunSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public FlowRun InputObject { get; set; } = null!;

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var run in ParameterSetName == RunSet ? [InputObject] : FindRuns())
        {
            if (ShouldProcess($"{run.Flow}, run {run.RunId} ({run.State}) in {run.Store}", "Remove run"))
                Remove(run);
        }
    }

    // One that is being worked on keeps none of the others from being removed.
    private void Remove(FlowRun run)
    {
        try
        {
            RunRemoval.Remove(run);
        }
        catch (FlowException e)
        {
            WriteError(e);
        }
    }
}
