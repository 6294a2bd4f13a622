using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>A task's body that is a script block.</summary>
internal sealed class ScriptBlockBody : ITaskBody
{
    private readonly ScriptBlock _block;
    private readonly ScriptBlock? _splat;
    private readonly int[] _positions = [];

    /// <summary>A body that is given values for these parameters.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: the block has no such parameter.</exception>
    public ScriptBlockBody(string task, ScriptBlock block, IReadOnlyList<string> given)
    {
        _block = block;
        var parameters = new BlockParameters(block);
        if (given.FirstOrDefault(name => !parameters.Has(name)) is { } unknown)
            throw ModuleErrors.ParameterNotFound(task, unknown, parameters.Names);
        if (parameters.TryGetPositions(given, out var positions))
            _positions = positions;
        else
            _splat = Splatting.WrapperFor(block);
    }

    public string Source => _block.ToString();

    public object? Run(FlowContext context, TaskArguments arguments) => ToResult(_splat is null
        ? TaskScript.Invoke(_block, context, Order(arguments))
        : TaskScript.Invoke(_splat, context, _block, ToTable(arguments)));

    /// <summary>The script block's text.</summary>
    public override string ToString() => Source;

    private object?[] Order(TaskArguments arguments)
    {
        if (arguments.Count == 0)
            return [];
        var ordered = new object?[arguments.Count];
        for (var i = 0; i < ordered.Length; i++)
            ordered[_positions[i]] = arguments[i].Value;
        return ordered;
    }

    private static Hashtable ToTable(TaskArguments arguments)
    {
        var table = new Hashtable(arguments.Count);
        for (var i = 0; i < arguments.Count; i++)
            table[arguments[i].Key] = arguments[i].Value;
        return table;
    }

    // As an assignment would have it: nothing, the one object, or all of them as an array.
    private static object? ToResult(Collection<PSObject> output) => output.Count switch
    {
        0 => null,
        1 => PowerShellValues.Instance.Unwrap(output[0]),
        _ => output.Select(PowerShellValues.Instance.Unwrap).ToArray(),
    };
}
