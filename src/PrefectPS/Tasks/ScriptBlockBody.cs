using System.Collections.ObjectModel;
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
        var parameters = new BlockParameters(block);
        if (given.FirstOrDefault(name => !parameters.Has(name)) is { } unknown)
            throw ModuleErrors.ParameterNotFound(task, unknown, parameters.Names);
        _call = new(block, parameters, given, [.. Enumerable.Range(0, given.Count)]);
    }

    public string Source => _call.Source;

    public object? Run(FlowContext context, TaskArguments arguments) => ToResult(_call.Invoke(context, arguments));

    /// <summary>The script block's text.</summary>
    public override string ToString() => Source;

    // As an assignment would have it: nothing, the one object, or all of them as an array.
    private static object? ToResult(Collection<PSObject> output) => output.Count switch
    {
        0 => null,
        1 => PowerShellValues.Instance.Unwrap(output[0]),
        _ => output.Select(PowerShellValues.Instance.Unwrap).ToArray(),
    };
}
