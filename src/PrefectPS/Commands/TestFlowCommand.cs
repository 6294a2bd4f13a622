using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Tells whether a flow can run: all tasks it names exist, and none waits for itself.</para></summary>
[Cmdlet(VerbsDiagnostic.Test, "Flow")]
[OutputType(typeof(bool))]
public sealed class TestFlowCommand : FlowCmdlet
{
    /// <summary>The flow.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Flow Flow { get; set; } = null!;

    /// <summary>The tasks that are to run, with all that they need, by name or slug; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskChoiceCompleter))]
    public string[]? Task { get; set; }

    /// <summary>Tags, of which a task that is to run must have one; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[]? Tag { get; set; }

    /// <summary>The tasks from which on it is to run, by name or slug; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskChoiceCompleter))]
    public string[]? FromTask { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        try
        {
            _ = Flow.Plan;
            var selection = SelectionParameter.Resolve(Flow, Task, Tag, FromTask, SelectionScope.Any)?.Selection;
            Warn(CallerReads.Of(Flow, SessionState, selection));
            WriteObject(true);
        }
        catch (FlowException e)
        {
            WriteError(e);
            WriteObject(false);
        }
    }
}
