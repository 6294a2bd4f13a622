using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using PrefectPS.Commands;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Calls a script block with some of a task's arguments, by position if that is equivalent, otherwise by name.</summary>
internal sealed class BlockCall
{
    private const string LenientWrapper = $"param($__block, $__arguments, $__errorAction) {Splatting.GuardedCall}";

    private readonly ScriptBlock _block;
    private readonly ScriptBlock? _splat;
    private readonly int[] _chosen;
    private readonly ActionPreference _errorAction;
    private readonly int[] _positions = [];
    private readonly string[] _usings;
    private readonly FlowSetup? _setup;
    private readonly DefinitionScope? _definition;

    /// <summary>A call that passes the arguments with these indexes.</summary>
    /// <param name="block">The block.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="given">The names of all the task's arguments.</param>
    /// <param name="chosen">Which of them the block has parameters for.</param>
    /// <param name="errorAction">What an error in it does that a command could go on after.</param>
    /// <param name="setup">What sets up the runspaces of the flow; null for nothing.</param>
    /// <param name="usings">The variables that it names by <c>$using:</c>.</param>
    /// <param name="takesEvent">Whether it also receives the payload of an event.</param>
    public BlockCall(
        ScriptBlock block, BlockParameters parameters, IReadOnlyList<string> given, int[] chosen, ActionPreference errorAction, FlowSetup? setup, string[] usings,
        bool takesEvent = false)
    {
        _block = block;
        _chosen = chosen;
        _errorAction = errorAction;
        _setup = setup;
        _usings = usings;
        _definition = FlowDefinition.ScopeFor(block);
        if (errorAction != ActionPreference.Stop)
            _splat = Splatting.WrapperFor(block, LenientWrapper);
        else if (!takesEvent && parameters.TryGetPositions([.. chosen.Select(i => given[i])], out var positions))
            _positions = positions;
        else
            _splat = Splatting.WrapperFor(block);
    }

    public string Source => _block.ToString();

    /// <summary>The variables and functions of its definition block; null for none.</summary>
    public DefinitionScope? Definition => _definition;

    public Collection<PSObject> Invoke(FlowContext context, TaskArguments arguments)
    {
        var scope = StepSession.ScopeFor(_setup, _definition);
        SessionBlock.CheckUsings(_usings, scope);
        return _splat is null
            ? TaskScript.Invoke(_errorAction, _block, context, scope, Order(arguments))
            : TaskScript.Invoke(_errorAction, _splat, context, scope, [_block, ToTable(arguments), _errorAction]);
    }

    /// <summary>The chosen arguments by name, and the payload of an event, which has precedence over a parameter of the flow.</summary>
    public Hashtable ToTable(TaskArguments arguments)
    {
        var table = new Hashtable(_chosen.Length, StringComparer.OrdinalIgnoreCase);
        foreach (var index in _chosen)
            table[arguments[index].Key] = arguments[index].Value;
        for (var index = arguments.FirstOfEvent; index < arguments.Count; index++)
            table[arguments[index].Key] = arguments[index].Value;
        return table;
    }

    private object?[] Order(TaskArguments arguments)
    {
        if (_chosen.Length == 0)
            return [];
        var ordered = new object?[_chosen.Length];
        for (var i = 0; i < ordered.Length; i++)
            ordered[_positions[i]] = arguments[_chosen[i]].Value;
        return ordered;
    }
}
