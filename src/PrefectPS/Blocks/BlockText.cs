using System.Management.Automation.Language;
using System.Text;

namespace PrefectPS.Blocks;

/// <summary>The text of a block for separate parsing: positions are those of the original script, and its using statements apply.</summary>
internal static class BlockText
{
    private const string ParameterWord = "param";

    /// <summary>The text.</summary>
    /// <param name="ast">The block, or the function.</param>
    /// <param name="variables">The variables in it to be renamed.</param>
    /// <param name="rename">Their new names.</param>
    public static string Of(Ast ast, IEnumerable<VariableExpressionAst> variables, Func<string, string> rename)
    {
        var whole = ast.Extent.StartScriptPosition?.GetFullScript();
        var shift = 0;
        if (whole is null || whole.Length < ast.Extent.EndOffset)
            (whole, shift) = (ast.Extent.Text, ast.Extent.StartOffset);

        var edits = variables
            .Select(variable => (variable.Extent.StartOffset, variable.Extent.EndOffset, Text: Written(rename(variable.VariablePath.UserPath), variable.Splatted)))
            .ToList();
        var word = string.Empty;
        var (start, end) = BodyOf(ast, whole, shift);
        if (ast is FunctionDefinitionAst { Parameters: { Count: > 0 } parameters } function)
        {
            word = ParameterWord;
            start = whole.LastIndexOf('(', parameters[0].Extent.StartOffset - shift);
            var close = whole.IndexOf(')', parameters[parameters.Count - 1].Extent.EndOffset - shift) + 1;
            var body = function.Body.Extent.StartOffset - shift + 1;
            edits.Add((close + shift, body + shift, Blank(whole, close, body)));
        }

        var text = new StringBuilder(whole, start, end - start, end - start + 256);
        foreach (var edit in edits.OrderByDescending(edit => edit.StartOffset))
        {
            text.Remove(edit.StartOffset - shift - start, edit.EndOffset - edit.StartOffset);
            text.Insert(edit.StartOffset - shift - start, edit.Text);
        }

        return Before(ast, whole, start, word.Length) + word + text;
    }

    // A splatted name takes no braces.
    private static string Written(string name, bool splatted) => splatted ? $"@{name}" : $"${{{name}}}";

    private static (int Start, int End) BodyOf(Ast ast, string whole, int shift)
    {
        var script = (ast as FunctionDefinitionAst)?.Body ?? ast;
        var (start, end) = (script.Extent.StartOffset - shift, script.Extent.EndOffset - shift);
        return script.Parent is not null && end - start > 1 && whole[start] == '{' && whole[end - 1] == '}' ? (start + 1, end - 1) : (start, end);
    }

    // Blank lines and columns for the preceding text, except its using statements.
    private static string Before(Ast ast, string whole, int start, int wordLength)
    {
        var lines = 0;
        for (var at = whole.IndexOf('\n'); at >= 0 && at < start; at = whole.IndexOf('\n', at + 1))
            lines++;
        var column = Math.Max(0, start - (start == 0 ? 0 : whole.LastIndexOf('\n', start - 1) + 1) - wordLength);
        var usings = string.Concat(UsingsAbove(ast).Select(line => line.Extent.Text.TrimEnd(';') + ";"));
        return lines == 0 ? usings + Spaces(column - usings.Length) : usings + new string('\n', lines) + Spaces(column);
    }

    private static IEnumerable<UsingStatementAst> UsingsAbove(Ast ast)
    {
        var root = ast;
        while (root.Parent is { } parent)
            root = parent;
        return root == ast || root is not ScriptBlockAst script ? []
            : script.UsingStatements.Where(line => line.UsingStatementKind is UsingStatementKind.Namespace or UsingStatementKind.Module);
    }

    private static string Spaces(int count) => new(' ', Math.Max(0, count));

    private static string Blank(string text, int from, int to) => new([.. text.Skip(from).Take(to - from).Select(c => c is '\n' or '\r' ? c : ' ')]);
}
