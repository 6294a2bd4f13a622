using System.Management.Automation.Language;

namespace PrefectPS.Blocks;

/// <summary>Decides whether a nested block belongs to the task, or to a command that runs it elsewhere and reads its <c>$using:</c> variables itself.</summary>
internal static class BlockOwner
{
    private const string Parallel = "Parallel";

    private static readonly HashSet<string> Elsewhere = new(StringComparer.OrdinalIgnoreCase)
    {
        "Start-Job", "sajb", "Start-ThreadJob", "Invoke-Command", "icm", "Start-RSJob", "Invoke-Parallel", "Add-FlowTask", "task",
    };

    private static readonly HashSet<string> Loops = new(StringComparer.OrdinalIgnoreCase) { "ForEach-Object", "foreach", "%" };

    /// <summary>True if a node belongs to the block itself, not to a nested block that a command runs elsewhere.</summary>
    public static bool IsOwn(Ast node, Ast root)
    {
        for (var outer = node.Parent; outer is not null && outer != root; outer = outer.Parent)
        {
            if (outer is ScriptBlockExpressionAst block && IsElsewhere(block, root))
                return false;
        }

        return true;
    }

    /// <summary>True if a command runs a block elsewhere. If there is such a command, blocks in variables or tables are assumed to be for it.</summary>
    public static bool IsElsewhere(ScriptBlockExpressionAst block, Ast root) => CommandOf(block) is { } command
        ? command.CommandElements[0] != block && RunsElsewhere(command)
        : !IsMethodArgument(block) && root.Find(node => node is CommandAst other && RunsElsewhere(other), searchNestedScriptBlocks: true) is not null;

    /// <summary>A command's name without the module's.</summary>
    public static string? NameOf(CommandAst command) => command.GetCommandName() is { } name ? name.Substring(name.LastIndexOf('\\') + 1) : null;

    private static bool RunsElsewhere(CommandAst command) => NameOf(command) is { } name
        && (Elsewhere.Contains(name) || (Loops.Contains(name) && command.CommandElements.Any(IsParallel)));

    private static bool IsParallel(CommandElementAst element) => element is CommandParameterAst { ParameterName: { Length: > 1 } name }
        && Parallel.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    private static CommandAst? CommandOf(ScriptBlockExpressionAst block)
    {
        var outer = block.Parent;
        while (outer is CommandParameterAst or ArrayLiteralAst or ParenExpressionAst or PipelineAst or CommandExpressionAst)
            outer = outer.Parent;
        return outer as CommandAst;
    }

    // $list.Where({ … }) runs its block at once, where it stands.
    private static bool IsMethodArgument(ScriptBlockExpressionAst block) => block.Parent is InvokeMemberExpressionAst;
}
