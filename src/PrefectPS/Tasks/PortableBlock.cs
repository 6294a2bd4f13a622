using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;

namespace PrefectPS.Tasks;

/// <summary>A script block as it can be made again in another runspace: its text, with the variables that <c>$using:</c> names taken along.</summary>
internal sealed class PortableBlock
{
    private const string Prefix = "__using_";

    private readonly string[] _variables;

    public PortableBlock(ScriptBlock block)
        : this(block, rename: null)
    {
    }

    private PortableBlock(ScriptBlock block, Func<string, string>? rename)
    {
        Block = block;
        var root = block.Ast;
        VariableExpressionAst[] usings = [.. root.FindAll(ast => ast is UsingExpressionAst, searchNestedScriptBlocks: true).Select(VariableOf)];
        _variables = [.. usings.Select(NameOf).Distinct(StringComparer.OrdinalIgnoreCase)];
        Text = LinesBefore(root) + Rewrite(block.ToString(), usings, root.Extent.StartOffset + BodyOffset(root, block), rename ?? Numbered);
    }

    /// <summary>Whether a block names variables by <c>$using:</c> itself; those in blocks inside it may be for a command that it calls.</summary>
    public static bool HasUsings(ScriptBlock block) =>
        block.ToString().Contains("using:", StringComparison.OrdinalIgnoreCase)
        && block.Ast.Find(ast => ast is UsingExpressionAst, searchNestedScriptBlocks: false) is not null;

    /// <summary>The block itself.</summary>
    public ScriptBlock Block { get; }

    /// <summary>Its text; errors in it have the lines of the file that the block stands in.</summary>
    public string Text { get; }

    /// <summary>The values of its <c>$using:</c> variables, as they are where the flow is run.</summary>
    public Dictionary<string, object?> ReadUsings(SessionState caller)
    {
        var session = Block.Module?.SessionState ?? caller;
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < _variables.Length; i++)
            values[Prefix + i] = session.PSVariable.GetValue(_variables[i]);
        return values;
    }

    /// <summary>The names of the variables that a block names by <c>$using:</c> itself, whatever their case.</summary>
    public static HashSet<string> UsingsOf(ScriptBlock block) => new(
        HasUsings(block) ? block.Ast.FindAll(ast => ast is UsingExpressionAst, searchNestedScriptBlocks: false).Select(VariableOf).Select(NameOf) : [],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>A block as it can be called where the caller is: there the variable of <c>$using:name</c> is <c>$name</c>.</summary>
    public static ScriptBlock InSession(ScriptBlock block)
    {
        if (!HasUsings(block))
            return block;
        var portable = new PortableBlock(block, name => name);
        var created = ScriptBlock.Create(portable.Text);
        return block.Module is { } module ? module.NewBoundScriptBlock(created) : created;
    }

    // Of $using:table.key the variable is $using:table.
    private static VariableExpressionAst VariableOf(Ast expression) =>
        (VariableExpressionAst)expression.Find(ast => ast is VariableExpressionAst, searchNestedScriptBlocks: false);

    private static string NameOf(VariableExpressionAst variable) => variable.VariablePath.UserPath;

    // A block's text is what stands between its braces.
    private static int BodyOffset(Ast root, ScriptBlock block)
    {
        var offset = root.Extent.Text.IndexOf(block.ToString(), StringComparison.Ordinal);
        return Math.Max(offset, 0);
    }

    private static string LinesBefore(Ast root) => new('\n', Math.Max(0, root.Extent.StartLineNumber - 1));

    private string Numbered(string name) => $"{Prefix}{Array.FindIndex(_variables, other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase))}";

    private static string Rewrite(string text, IEnumerable<VariableExpressionAst> usings, int start, Func<string, string> rename)
    {
        var rewritten = new StringBuilder(text);
        foreach (var variable in usings.OrderByDescending(u => u.Extent.StartOffset))
        {
            rewritten.Remove(variable.Extent.StartOffset - start, variable.Extent.EndOffset - variable.Extent.StartOffset);
            rewritten.Insert(variable.Extent.StartOffset - start, $"${{{rename(NameOf(variable))}}}");
        }

        return rewritten.ToString();
    }
}
