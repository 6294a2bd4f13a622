using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>The flow whose definition block is running on this thread: where <c>Add-FlowTask</c> without a flow adds to.</summary>
internal static class FlowDefinition
{
    [ThreadStatic]
    private static Flow? _current;

    [ThreadStatic]
    private static DefinitionScope? _scope;

    /// <summary>The flow being defined; null outside a definition block.</summary>
    public static Flow? Current => _current;

    /// <summary>Variables that the running definition block will leave behind; null for a block that does not belong to it, such as a closure.</summary>
    public static DefinitionScope? ScopeFor(ScriptBlock block) => _scope is { } scope && block.Module == scope.Module ? scope : null;

    /// <summary>Makes a flow the current one, for as long as its definition block runs. Definitions may nest.</summary>
    public static void Run(Flow flow, DefinitionScope scope, Action define)
    {
        var outer = (_current, _scope);
        (_current, _scope) = (flow, scope);
        try
        {
            define();
        }
        finally
        {
            (_current, _scope) = outer;
        }
    }
}
