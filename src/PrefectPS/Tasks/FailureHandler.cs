using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>A script block that is called with the task and its failed state. Follows Prefect's <c>on_failure</c>.</summary>
internal sealed class FailureHandler(ScriptBlock block) : IStateHandler
{
    private readonly SessionBlock _block = new(block);

    public FlowTaskState? Handle(FlowTaskState old, FlowTaskState @new)
    {
        if (@new.IsFailed)
            HandlerRun.During(@new.Root, () => _block.Invoke(context: null, @new.Task, @new));
        return null;
    }

    /// <summary>The script block's text.</summary>
    public override string ToString() => block.ToString();
}
