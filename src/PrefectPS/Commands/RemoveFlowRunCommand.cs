using System.Management.Automation;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Removes runs from the record in a store, with their results.</para></summary>
[Cmdlet(VerbsCommon.Remove, "FlowRun", DefaultParameterSetName = RunSet, SupportsShouldProcess = true)]
public sealed class RemoveFlowRunCommand : StoredRunCmdlet
{
    private const string RunSet = "Run";

    /// <summary>The run, from Get-FlowRun.</summary>
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

        if (ParameterSetName != RunSet && RunId is null && ShouldProcess($"orphaned objects and expired cache entries in {ChosenStore.Name}", "Remove"))
            new StoreCleanup(ChosenStore, OlderThan ?? TimeSpan.Zero, TimeProvider.System).Clean(IsWanted, Define, WriteError);
    }

    /// <inheritdoc/>
    private protected override bool Removes => true;

    /// <inheritdoc/>
    private protected override FlowRun? FindUnread(IFlowStore store, string flow, string runId) => RunRemoval.Find(store, RunFolder.Of(flow, runId));

    // By the flow's name as it stands in paths.
    private bool IsWanted(string flow) => ParameterSetName == FlowSet
        ? flow == StorePath.Escape(Flow.Name)
        : FlowName is null || FlowName.Any(name => flow == StorePath.Escape(name) || TaskSelector.Pattern(name).IsMatch(flow));

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
