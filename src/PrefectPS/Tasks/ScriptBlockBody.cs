using System.Collections;
using System.Management.Automation;
using PrefectPS.Blocks;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>A task's body that is a script block.</summary>
internal sealed class ScriptBlockBody : ITaskBody, ICanonicalBody
{
    private readonly BlockCall _call;
    private readonly Lazy<BlockCall>? _callInSession; // for a block with $using: variables that runs in the session, as a mock or in the debugger
    private readonly Lazy<PortableBlock> _portable;
    private readonly string _task;
    private readonly IReadOnlyList<string>? _before; // the parameters that have values before an event arrives; null without an event

    /// <summary>A body that receives values for these parameters.</summary>
    /// <param name="task">The task's name, for the error.</param>
    /// <param name="block">The block.</param>
    /// <param name="given">The parameters that it must declare.</param>
    /// <param name="offered">The flow's parameters, which it may declare.</param>
    /// <param name="settings">The settings of the flow's bodies.</param>
    /// <param name="wait">The event that it waits for, which can provide parameters; null for none.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: the block lacks a parameter, or has a mandatory one that nothing provides.</exception>
    public ScriptBlockBody(
        string task, ScriptBlock block, IReadOnlyList<string> given, IReadOnlyList<string> offered, ScriptSettings settings, EventWait? wait = null)
    {
        _task = task;
        Block = block;
        Settings = settings;
        var parameters = new BlockParameters(block);
        if (given.FirstOrDefault(name => !parameters.Has(name)) is { } unknown)
            throw ModuleErrors.ParameterNotFound(task, unknown, parameters.Names);
        string[] all = [.. given, .. offered];
        if (wait is null or { TimeoutAction: WaitTimeoutAction.Run } && parameters.FindUnsupplied(all) is { } unsupplied)
            throw wait is null ? ModuleErrors.MandatoryParameterNotGiven(task, unsupplied) : ModuleErrors.MandatoryParameterWithoutEvent(task, unsupplied);
        _before = wait is null ? null : all;
        _call = CallOf(block, usings: []);
        _callInSession = UsingVariables.AreIn(block) ? new(() => CallOf(PortableBlock.InSession(block), UsingVariables.NamesIn(block))) : null;
        _portable = new(() => new(block));

        BlockCall CallOf(ScriptBlock called, string[] usings) =>
            new(called, parameters, all, PlacesIn(all, parameters), settings.ErrorAction, settings.Setup, usings, takesEvent: wait is not null);
    }

    private static int[] PlacesIn(string[] all, BlockParameters parameters)
    {
        var places = new int[all.Length];
        var count = 0;
        for (var i = 0; i < all.Length; i++)
        {
            if (parameters.Has(all[i]))
                places[count++] = i;
        }

        Array.Resize(ref places, count);
        return places;
    }

    /// <summary>The block, which can be recreated in another runspace.</summary>
    public PortableBlock Portable => _portable.Value;

    /// <summary>The variables and functions of its definition block; null for none.</summary>
    public DefinitionScope? Definition => _call.Definition;

    public ScriptBlock Block { get; }

    /// <summary>The settings of the flow's bodies.</summary>
    public ScriptSettings Settings { get; }

    public string Source => _call.Source;

    public string CanonicalSource => field ??= ScriptTokens.Of(Block);

    public object? Run(FlowContext context, TaskArguments arguments)
    {
        DemandMandatory(arguments);
        return ScriptOutput.ToResult((_callInSession?.Value ?? _call).Invoke(context, arguments));
    }

    /// <summary>The arguments that the block has parameters for, by name.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: PowerShell would prompt for a missing one.</exception>
    public Hashtable Choose(TaskArguments arguments)
    {
        DemandMandatory(arguments);
        return _call.ToTable(arguments);
    }

    // A person, or its timeout, may have let it continue without the event that provides them.
    private void DemandMandatory(in TaskArguments arguments)
    {
        if (_before is null)
            return;
        var parameters = new BlockParameters(Block);
        string[] all = [.. _before, .. arguments.EventNames.Select(name => parameters.Find(name)?.Name ?? name)];
        if (parameters.FindUnsupplied(all) is { } unsupplied)
            throw ModuleErrors.MandatoryParameterLacksEvent(_task, unsupplied);
    }

    /// <summary>The script block's text.</summary>
    public override string ToString() => Source;
}
