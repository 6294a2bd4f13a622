using System.Management.Automation;
using PrefectPS.Blocks;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>A task's condition that is a script block over some of the task's own inputs and arguments.</summary>
internal sealed class ScriptBlockCondition : ITaskCondition
{
    private readonly BlockCall _call;
    private readonly ScriptBlock _block;

    /// <summary>A condition of a task that receives values for these parameters.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: the task has no value for a parameter of the block.</exception>
    public ScriptBlockCondition(string task, ScriptBlock block, IReadOnlyList<string> given, FlowSetup? setup)
    {
        var parameters = new BlockParameters(block);
        if (parameters.Names.FirstOrDefault(name => !given.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } missing)
            throw ModuleErrors.ConditionParameterNotGiven(task, missing);
        var usings = UsingVariables.NamesIn(block);
        if (parameters.Names.FirstOrDefault(name => usings.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } twice)
            throw ModuleErrors.ConditionUsesParameter(task, twice);
        _block = block;
        int[] chosen = [.. Enumerable.Range(0, given.Count).Where(i => parameters.Has(given[i]))];
        _call = new(PortableBlock.InSession(block), parameters, given, chosen, ActionPreference.Stop, setup, usings);
    }

    public string Source => _block.ToString();

    public bool IsMet(FlowContext context, TaskArguments arguments) => LanguagePrimitives.IsTrue(_call.Invoke(context, arguments));
}
