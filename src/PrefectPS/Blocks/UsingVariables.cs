using System.Management.Automation;
using System.Management.Automation.Language;

namespace PrefectPS.Blocks;

/// <summary>Finds the <c>$using:</c> variables of a block, including nested blocks.</summary>
internal static class UsingVariables
{
    /// <summary>True if there are <c>$using:</c> variables. The syntax tree is only searched if the text contains the prefix.</summary>
    public static bool AreIn(ScriptBlock block) => MayBeIn(block) && In(block.Ast).Any();

    /// <summary>Their distinct names, case-insensitive.</summary>
    public static string[] NamesIn(ScriptBlock block) =>
        MayBeIn(block) ? [.. In(block.Ast).Select(variable => variable.VariablePath.UserPath).Distinct(StringComparer.OrdinalIgnoreCase)] : [];

    /// <summary>Their positions. For $using:table.key, the position of $using:table.</summary>
    public static IEnumerable<VariableExpressionAst> In(Ast root) => root
        .FindAll(node => node is UsingExpressionAst, searchNestedScriptBlocks: true)
        .Where(node => BlockOwner.IsOwn(node, root))
        .Select(VariableOf);

    /// <summary>The variable of an expression.</summary>
    public static VariableExpressionAst VariableOf(Ast expression) =>
        (VariableExpressionAst)expression.Find(node => node is VariableExpressionAst, searchNestedScriptBlocks: false);

    private static bool MayBeIn(ScriptBlock block) => block.ToString().Contains("using:", StringComparison.OrdinalIgnoreCase);
}
