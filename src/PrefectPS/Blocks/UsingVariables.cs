using System.Management.Automation;
using System.Management.Automation.Language;

namespace PrefectPS.Blocks;

/// <summary>The variables that a block itself names by <c>$using:</c>, in nested blocks too.</summary>
internal static class UsingVariables
{
    /// <summary>Whether there are any. Costs no walk through a block whose text has none.</summary>
    public static bool AreIn(ScriptBlock block) => MayBeIn(block) && In(block.Ast).Any();

    /// <summary>Their names, each once, whatever its case.</summary>
    public static string[] NamesIn(ScriptBlock block) =>
        MayBeIn(block) ? [.. In(block.Ast).Select(variable => variable.VariablePath.UserPath).Distinct(StringComparer.OrdinalIgnoreCase)] : [];

    /// <summary>Where they stand. Of $using:table.key it is $using:table.</summary>
    public static IEnumerable<VariableExpressionAst> In(Ast root) => root
        .FindAll(node => node is UsingExpressionAst, searchNestedScriptBlocks: true)
        .Where(node => BlockOwner.IsOwn(node, root))
        .Select(VariableOf);

    /// <summary>The variable of an expression.</summary>
    public static VariableExpressionAst VariableOf(Ast expression) =>
        (VariableExpressionAst)expression.Find(node => node is VariableExpressionAst, searchNestedScriptBlocks: false);

    private static bool MayBeIn(ScriptBlock block) => block.ToString().Contains("using:", StringComparison.OrdinalIgnoreCase);
}
