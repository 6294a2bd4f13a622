using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>A script block that is told of failures: called with the task and the state it failed in. Follows Prefect's <c>on_failure</c>.</summary>
internal sealed class FailureHandler(ScriptBlock block) : IStateHandler
{
    public FlowTaskState? Handle(FlowTaskState old, FlowTaskState @new)
    {
        if (@new.IsFailed)
            TaskScript.Invoke(block, context: null, @new.Task, @new);
        return null;
    }
}
