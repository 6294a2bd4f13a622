using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Gets tasks of a flow, or of a run with their states.</para></summary>
[Cmdlet(VerbsCommon.Get, "FlowTask", DefaultParameterSetName = PipedSet)]
[OutputType(typeof(FlowTask), ParameterSetName = [FlowSet, PipedSet])]
[OutputType(typeof(FlowTaskState), ParameterSetName = [RunSet, PipedSet])]
public sealed class GetFlowTaskCommand : FlowCmdlet
{
    private const string FlowSet = "Flow";
    private const string RunSet = "Run";
    private const string PipedSet = "Piped";

    /// <summary>The flow whose tasks are wanted.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 0)]
    public Flow Flow { get; set; } = null!;

    /// <summary>The run whose tasks are wanted, with their states.</summary>
    [Parameter(ParameterSetName = RunSet, Mandatory = true, Position = 0)]
    public FlowState FlowState { get; set; } = null!;

    /// <summary>A flow, a run or a recorded run from the pipeline: task names can then be the first positional argument.</summary>
    [Parameter(ParameterSetName = PipedSet, Mandatory = true, ValueFromPipeline = true)]
    public object InputObject { get; set; } = null!;

    /// <summary>Names or slugs; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = FlowSet, Position = 1)]
    [Parameter(ParameterSetName = RunSet, Position = 1)]
    [Parameter(ParameterSetName = PipedSet, Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskChoiceCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Only tasks with one of these tags; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[]? Tag { get; set; }

    /// <summary>Only tasks in one of these states.</summary>
    [Parameter(ParameterSetName = RunSet)]
    [Parameter(ParameterSetName = PipedSet)]
    public StateType[]? State { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var source = PowerShellValues.Instance.Unwrap(ParameterSetName switch { FlowSet => Flow, RunSet => FlowState, _ => InputObject });
        var run = source is FlowRun recorded ? RunOnRecord.Read(recorded, WriteWarning) : source as FlowState;
        var flow = run?.Flow ?? source as Flow ?? throw ModuleErrors.NoTasks(source);
        if (run is null && State is not null)
            throw ModuleErrors.NoStates(flow);
        var selector = new TaskSelector(flow, Name, Tag, run);
        foreach (var name in run is null ? selector.MissingNames : selector.MissingNamesIn(run))
            WriteError(FlowErrors.TaskNotFound(flow, name));
        if (run is null)
            WriteObject(selector.ChooseFrom(flow), enumerateCollection: true);
        else
            WriteObject(selector.ChooseFrom(run).Select(chosen => chosen.Task).Where(task => State is null || State.Contains(task.StateType)), enumerateCollection: true);
    }
}
