using System.Management.Automation;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>A task's body that is a script block.</summary>
internal sealed class ScriptBlockBody : ITaskBody
{
    private readonly BlockCall _call;

    /// <summary>A body that is given values for these parameters.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: the block has no such parameter.</exception>
    public ScriptBlockBody(string task, ScriptBlock block, IReadOnlyList<string> given)
    {
        Block = block;
        var parameters = new BlockParameters(block);
        if (given.FirstOrDefault(name => !parameters.Has(name)) is { } unknown)
            throw ModuleErrors.ParameterNotFound(task, unknown, parameters.Names);
        _call = new(block, parameters, given, [.. Enumerable.Range(0, given.Count)]);
    }

    public ScriptBlock Block { get; }

    public string Source => _call.Source;

    public object? Run(FlowContext context, TaskArguments arguments) => ScriptOutput.ToResult(_call.Invoke(context, arguments));

    /// <summary>The script block's text.</summary>
    public override string ToString() => Source;
}
