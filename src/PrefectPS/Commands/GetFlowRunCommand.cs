using System.Management.Automation;
using PrefectPS.Runs;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Gets the runs on record in a store, the newest first.</para></summary>
[Cmdlet(VerbsCommon.Get, "FlowRun", DefaultParameterSetName = FlowSet)]
[OutputType(typeof(FlowRun))]
public sealed class GetFlowRunCommand : StoredRunCmdlet
{
    /// <inheritdoc/>
    protected override void Process() => WriteObject(FindRuns(), enumerateCollection: true);
}
