using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Gets tasks of a flow, or of a run with their states.</para></summary>
[Cmdlet(VerbsCommon.Get, "FlowTask", DefaultParameterSetName = FlowSet)]
[OutputType(typeof(FlowTask), ParameterSetName = [FlowSet])]
[OutputType(typeof(FlowTaskState), ParameterSetName = [RunSet])]
public sealed class GetFlowTaskCommand : FlowCmdlet
{
    private const string FlowSet = "Flow";
    private const string RunSet = "Run";

    /// <summary>The flow whose tasks are wanted.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Flow Flow { get; set; } = null!;

    /// <summary>The run whose tasks are wanted, with their states.</summary>
    [Parameter(ParameterSetName = RunSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public FlowState FlowState { get; set; } = null!;

    /// <summary>Names or slugs; wildcards are allowed.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <summary>Tags, of which a task must have one; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? Tag { get; set; }

    /// <summary>States, of which a task must be in one.</summary>
    [Parameter(ParameterSetName = RunSet)]
    public StateType[]? State { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var run = ParameterSetName == RunSet ? FlowState : null;
        var flow = run?.Flow ?? Flow;
        var filter = new TaskFilter(Name, Tag);
        foreach (var name in filter.NamesMissingIn(flow))
            WriteError(ErrorRecords.From(FlowErrors.TaskNotFound(flow, name)));
        foreach (var task in flow.Tasks.Where(filter.Matches))
        {
            if (run is null)
                WriteObject(task);
            else if (State is null || State.Contains(run.Tasks[task.Index].State))
                WriteObject(run.Tasks[task.Index]);
        }
    }
}
