using Markdig.Syntax;

namespace PrefectPS.Help.Pages;

/// <summary>A heading with what is below it: its own blocks, then the parts that have headings of a lower level.</summary>
/// <param name="title">The heading's text; empty for the whole page.</param>
/// <param name="level">The heading's level, from 1; 0 for the whole page.</param>
/// <param name="line">The heading's line, from 1.</param>
internal sealed class PageSection(string title, int level, int line)
{
    private readonly List<Block> _blocks = [];
    private readonly List<PageSection> _parts = [];

    public string Title => title;

    public int Level => level;

    public int Line => line;

    public IReadOnlyList<Block> Blocks => _blocks;

    public IReadOnlyList<PageSection> Parts => _parts;

    /// <summary>The page as a tree of its headings.</summary>
    public static PageSection Split(MarkdownDocument document)
    {
        var page = new PageSection(string.Empty, 0, 1);
        var open = new Stack<PageSection>([page]);
        foreach (var block in document)
        {
            if (block is not HeadingBlock heading)
            {
                open.Peek()._blocks.Add(block);
                continue;
            }

            while (open.Peek().Level >= heading.Level)
                open.Pop();
            var section = new PageSection(PlainText.Of(heading.Inline), heading.Level, heading.Line + 1);
            open.Peek()._parts.Add(section);
            open.Push(section);
        }

        return page;
    }
}
