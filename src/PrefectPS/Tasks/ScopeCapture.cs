using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Language;
using PrefectPS.Blocks;

namespace PrefectPS.Tasks;

/// <summary>Runs a block and captures the variables and functions that it defines.</summary>
internal static class ScopeCapture
{
    private const string VariablesKey = "Variables";
    private const string FunctionsKey = "Functions";

    private const string Call = $$"""
        param($__block, $__functions)
        . $__block
        @{
            {{VariablesKey}} = @(Microsoft.PowerShell.Utility\Get-Variable -Scope 0)
            {{FunctionsKey}} = @(if ($__functions) { Microsoft.PowerShell.Management\Get-ChildItem function: })
        }
        """;

    private const string ListFunctions = @"Microsoft.PowerShell.Management\Get-ChildItem function:";

    private static readonly HashSet<string> Ours = new(StringComparer.OrdinalIgnoreCase)
    {
        "__block", "__functions", "ErrorActionPreference", "PSNativeCommandUseErrorActionPreference",
    };

    /// <summary>Runs a block. Its errors are not converted.</summary>
    /// <param name="block">The block.</param>
    /// <param name="scope">Receives its definitions.</param>
    /// <returns>Its output.</returns>
    public static Collection<PSObject> Run(ScriptBlock block, DefinitionScope scope)
    {
        var hasFunctions = DefinesFunctions(block.Ast);
        if (!hasFunctions && SessionBlock.IsPlain(block) && !VariableReads.SetsAny(block.Ast))
            return TaskScript.Call(block, context: null, scope: null, []);

        var before = hasFunctions ? FunctionsOf(ScriptBlock.Create(ListFunctions).Invoke()) : [];
        var output = TaskScript.Call(Splatting.WrapperFor(block, Call), context: null, scope: null, [block, hasFunctions]);
        var left = (Hashtable)output[output.Count - 1].BaseObject;
        output.RemoveAt(output.Count - 1);
        foreach (var variable in ((IEnumerable)left[VariablesKey]!).Cast<object>().Select(Unwrap).OfType<PSVariable>())
        {
            if (!Ours.Contains(variable.Name) && !AutomaticVariables.Has(variable.Name))
                scope.Add(variable.Name, variable.Value);
        }

        foreach (var function in FunctionsOf(((IEnumerable)left[FunctionsKey]!).Cast<object>()))
        {
            if (!before.TryGetValue(function.Key, out var old) || old != function.Value)
                scope.Functions[function.Key] = function.Value;
        }

        return output;
    }

    // A dot-sourced script or an expression may define any names.
    private static bool DefinesFunctions(Ast block) =>
        block.Find(node => node is FunctionDefinitionAst { Parent: not FunctionMemberAst } || (node is CommandAst command && CommandVariables.SetBy(command) is null),
            searchNestedScriptBlocks: false) is not null;

    private static Dictionary<string, ScriptBlock> FunctionsOf(IEnumerable<object> functions)
    {
        var found = new Dictionary<string, ScriptBlock>(StringComparer.OrdinalIgnoreCase);
        foreach (var function in functions.Select(Unwrap).OfType<FunctionInfo>())
            found[function.Name] = function.ScriptBlock;
        return found;
    }

    private static object? Unwrap(object? value) => PowerShellValues.Instance.Unwrap(value);
}
