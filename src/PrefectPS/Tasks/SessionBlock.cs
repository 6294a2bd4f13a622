using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Language;
using PrefectPS.Blocks;
using PrefectPS.Commands;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>A block that is called in the caller's session: a handler, a condition, a trigger.</summary>
internal sealed class SessionBlock
{
    private const string Call = "param($__block, $__arguments) & $__block @__arguments";

    private readonly ScriptBlock _block;
    private readonly ScriptBlock? _wrapper;
    private readonly string[] _usings;
    private readonly DefinitionScope? _definition;
    private readonly ScriptSettings? _settings;

    /// <summary>The block, which sees the definitions of its definition block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="call">The script that calls it, with the parameters $__block and $__arguments; null to call it directly.</param>
    /// <param name="settings">The settings of its flow, to see the definitions of the initialization script, like bodies; null to not see them.</param>
    public SessionBlock(ScriptBlock block, string? call = null, ScriptSettings? settings = null)
    {
        _settings = settings;
        _usings = UsingVariables.NamesIn(block);
        _block = PortableBlock.InSession(block);
        _wrapper = call is null && IsPlain(block) ? null : Splatting.WrapperFor(block, call ?? Call);
        _definition = FlowDefinition.ScopeFor(block);
    }

    /// <summary>True if PowerShell can invoke it directly; a block with begin, process, end or clean blocks must run as a command.</summary>
    public static bool IsPlain(ScriptBlock block) => block.Ast is ScriptBlockAst { DynamicParamBlock: null, BeginBlock: null, ProcessBlock: null, EndBlock: { Unnamed: true } };

    /// <summary>Calls it.</summary>
    /// <param name="context">The task's context; null for none.</param>
    /// <param name="arguments">Its arguments, in order.</param>
    /// <exception cref="TaskFailedException">It failed, or a <c>$using:</c> variable is not set.</exception>
    public Collection<PSObject> Invoke(FlowContext? context, params object?[] arguments)
    {
        var scope = _settings is null ? _definition : StepSession.ScopeFor(_settings.Setup, _definition);
        CheckUsings(_usings, scope);
        return _wrapper is null
            ? TaskScript.Invoke(_block, context, scope, arguments)
            : TaskScript.Invoke(_wrapper, context, scope, _block, arguments);
    }

    /// <summary>Checks that the caller has the <c>$using:</c> variables of a block.</summary>
    public static void CheckUsings(string[] names, DefinitionScope? scope)
    {
        if (names.Length == 0 || StepSession.Current is not { } session)
            return;
        if (Array.Find(names, name => !session.TryFind(name, scope, out _)) is { } missing)
            throw ScriptErrors.UsingNotSet(missing);
    }
}
