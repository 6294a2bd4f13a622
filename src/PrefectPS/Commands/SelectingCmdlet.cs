using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Commands;

/// <summary>Parameters of cmdlets that select tasks of a flow to run.</summary>
public abstract class SelectingCmdlet : FlowCmdlet
{
    /// <summary>The tasks to run, with all that they need, by name or slug; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskChoiceCompleter))]
    public string[]? Task { get; set; }

    /// <summary>Tags, of which a task to run must have one; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[]? Tag { get; set; }

    /// <summary>The tasks from which on to run, by name or slug; wildcards are allowed. Earlier results are those of the run.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskChoiceCompleter))]
    public string[]? FromTask { get; set; }

    /// <summary>The selection; null for all tasks.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="scope">How the selection of an existing run may change.</param>
    /// <inheritdoc cref="SelectionParameter.Resolve"/>
    private protected SelectionChange? SelectionIn(Flow flow, SelectionScope scope) => SelectionParameter.Resolve(flow, Task, Tag, FromTask, scope);
}
