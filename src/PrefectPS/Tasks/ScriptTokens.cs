using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;

namespace PrefectPS.Tasks;

/// <summary>
/// A normalized script: its tokens and their structure. Comments, line breaks and other white space are ignored, except where they separate
/// statements or arguments.
/// </summary>
internal static class ScriptTokens
{
    /// <summary>The normalized text of a block, independent of the machine.</summary>
    public static string Of(ScriptBlock block)
    {
        var root = Parser.ParseInput(block.Ast.Extent.Text.Replace("\r\n", "\n"), out var all, out _);
        Token[] tokens = [.. all.Where(Counts)];
        int[] starts = [.. tokens.Select(token => token.Extent.StartOffset)];
        int[] ends = [.. tokens.Select(token => token.Extent.EndOffset)];
        var text = new StringBuilder();
        foreach (var token in tokens)
            text.Append(token.Kind).Append(' ').Append(token.Text).Append('\n');
        foreach (var part in root.FindAll(_ => true, searchNestedScriptBlocks: true))
        {
            text.Append(part.GetType().Name).Append(' ').Append(Count(starts, part.Extent.StartOffset)).Append(' ')
                .Append(Count(ends, part.Extent.EndOffset + 1).ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        return text.ToString();
    }

    private static bool Counts(Token token) =>
        token.Kind is not (TokenKind.Comment or TokenKind.NewLine or TokenKind.LineContinuation or TokenKind.Semi or TokenKind.EndOfInput);

    // The number of tokens that start or end before an offset.
    private static int Count(int[] offsets, int offset)
    {
        var index = Array.BinarySearch(offsets, offset);
        return index < 0 ? ~index : index;
    }
}
