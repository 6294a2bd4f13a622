using System.Collections;
using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>A task's body that is a script block.</summary>
internal sealed class ScriptBlockBody : ITaskBody
{
    private readonly BlockCall _call;
    private readonly Lazy<PortableBlock> _portable;

    /// <summary>A body that is given values for these parameters.</summary>
    /// <param name="task">The task's name, for the error.</param>
    /// <param name="block">The block.</param>
    /// <param name="given">The parameters that it must have.</param>
    /// <param name="offered">Those that it may have: the flow's.</param>
    /// <param name="settings">What it has in common with the flow's other bodies.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: the block has no such parameter, or demands one that nothing supplies.</exception>
    public ScriptBlockBody(string task, ScriptBlock block, IReadOnlyList<string> given, IReadOnlyList<string> offered, ScriptSettings settings)
    {
        Block = block;
        Settings = settings;
        var parameters = new BlockParameters(block);
        if (given.FirstOrDefault(name => !parameters.Has(name)) is { } unknown)
            throw ModuleErrors.ParameterNotFound(task, unknown, parameters.Names);
        string[] all = [.. given, .. offered];
        if (parameters.FindUnsupplied(all) is { } unsupplied)
            throw ModuleErrors.MandatoryParameterNotGiven(task, unsupplied);
        _call = new(
            block, parameters, all, [.. Enumerable.Range(0, all.Length).Where(i => parameters.Has(all[i]))], settings.ErrorAction, settings.Setup, usings: []);
        _portable = new(() => new(block));
    }

    /// <summary>The block as it can be made again in another runspace.</summary>
    public PortableBlock Portable => _portable.Value;

    /// <summary>The variables and functions of the definition block that it stands in; null where it stands in none.</summary>
    public DefinitionScope? Definition => _call.Definition;

    public ScriptBlock Block { get; }

    /// <summary>What it has in common with the flow's other bodies.</summary>
    public ScriptSettings Settings { get; }

    public string Source => _call.Source;

    public object? Run(FlowContext context, TaskArguments arguments) => ScriptOutput.ToResult(_call.Invoke(context, arguments));

    /// <summary>The arguments that the block has parameters for, by name.</summary>
    public Hashtable Choose(TaskArguments arguments) => _call.ToTable(arguments);

    /// <summary>The script block's text.</summary>
    public override string ToString() => Source;
}
