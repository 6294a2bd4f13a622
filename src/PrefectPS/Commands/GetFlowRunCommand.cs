using System.Management.Automation;
using PrefectPS.Runs;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Gets the runs on record in a store, the newest first.</para></summary>
[Cmdlet(VerbsCommon.Get, "FlowRun", DefaultParameterSetName = FlowSet)]
[OutputType(typeof(FlowRun))]
public sealed class GetFlowRunCommand : StoredRunCmdlet
{
    /// <summary>How many of the runs, the newest of those that fit.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Newest { get; set; } = int.MaxValue;

    /// <inheritdoc/>
    protected override void Process() => WriteObject(FindRuns().Take(Newest), enumerateCollection: true);
}
