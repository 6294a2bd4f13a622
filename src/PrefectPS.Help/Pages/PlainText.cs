using System.Globalization;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace PrefectPS.Help.Pages;

/// <summary>Markdown as a console shows it: words without marks, one string a paragraph, list item or block of code.</summary>
internal static class PlainText
{
    private const string Indent = "    ";

    public static IReadOnlyList<string> Of(IEnumerable<Block> blocks) => [.. blocks.SelectMany(Of).Where(text => text.Length > 0)];

    public static string Of(ContainerInline? inlines) => inlines is null ? string.Empty : string.Concat(inlines.Select(Of));

    public static string OfCode(CodeBlock code) => code.Lines.ToString().ReplaceLineEndings("\n").TrimEnd();

    private static IEnumerable<string> Of(Block block) => block switch
    {
        ParagraphBlock paragraph => [Of(paragraph.Inline)],
        ListBlock list => list.OfType<ListItemBlock>().Select(item => $"{MarkOf(list, item)} {string.Join(" ", Of(item.AsEnumerable()))}"),
        CodeBlock code => [string.Join("\n", OfCode(code).Split('\n').Select(line => Indent + line))],
        ContainerBlock container => Of(container.AsEnumerable()),
        _ => [],
    };

    private static string Of(Inline inline) => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        LineBreakInline => " ",
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        AutolinkInline link => link.Url,
        ContainerInline container => Of(container),
        _ => string.Empty,
    };

    private static string MarkOf(ListBlock list, ListItemBlock item) =>
        list.IsOrdered ? $"{item.Order.ToString(CultureInfo.InvariantCulture)}." : "-";
}
