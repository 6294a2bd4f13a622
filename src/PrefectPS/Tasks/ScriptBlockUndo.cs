using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>A script block that undoes a task, called in the session with the task's result.</summary>
internal sealed class ScriptBlockUndo(ScriptBlock block, ScriptSettings settings) : ITaskUndo
{
    private readonly SessionBlock _block = new(block, settings: settings);

    public string Source => block.ToString();

    public void Undo(FlowContext context, object? result) => _block.Invoke(context, [result]);
}
