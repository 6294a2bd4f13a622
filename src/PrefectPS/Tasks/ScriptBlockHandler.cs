using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Tasks;

/// <summary>A state handler that is a script block: called with the task, its old state and its new one.</summary>
internal sealed class ScriptBlockHandler(ScriptBlock block) : IStateHandler
{
    private readonly SessionBlock _block = new(block);

    // The last state in its output replaces the new state, unless it is the new state's own type; other output is ignored.
    public FlowTaskState? Handle(FlowTaskState old, FlowTaskState @new)
    {
        var output = HandlerRun.During(@new.Root, () => _block.Invoke(context: null, old.Task, old, @new));
        for (var i = output.Count - 1; i >= 0; i--)
        {
            switch (output[i]?.BaseObject)
            {
                case FlowTaskState state:
                    return state;
                case StateType type:
                    return Become(@new, type);
                case string name when StateTypes.TryParse(name, out var type):
                    return Become(@new, type);
            }
        }

        return null;
    }

    private static FlowTaskState? Become(FlowTaskState @new, StateType type) => type == @new.StateType ? null : @new.With(new State(type));

    /// <summary>The script block's text.</summary>
    public override string ToString() => block.ToString();
}
