using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace PrefectPS.Help.Pages;

/// <summary>Reads a page: a title, a synopsis, and the sections that help has.</summary>
internal static class PageReader
{
    private const string Description = "Description";
    private const string Examples = "Examples";
    private const string Parameters = "Parameters";
    private const string Inputs = "Inputs";
    private const string Outputs = "Outputs";
    private const string Notes = "Notes";
    private const string RelatedLinks = "Related links";

    private static readonly string[] Sections = [Description, Examples, Parameters, Inputs, Outputs, Notes, RelatedLinks];

    /// <summary>The page that a text is; what is wrong with its form is added to <paramref name="faults"/>.</summary>
    public static HelpPage Read(string file, string markdown, ICollection<Fault> faults)
    {
        var root = PageSection.Split(Markdown.Parse(markdown));
        if (root.Parts is not [{ Level: 1 } title])
        {
            faults.Add(new(file, 1, "a page begins with its one title, such as '# New-Flow'"));
            return new HelpPage(file, Path.GetFileNameWithoutExtension(file));
        }

        foreach (var section in title.Parts.Where(section => !Sections.Contains(section.Title, StringComparer.Ordinal)))
            faults.Add(new(file, section.Line, $"there is no section '{section.Title}' in help; there are {string.Join(", ", Sections)}"));
        return new HelpPage(file, title.Title)
        {
            Synopsis = string.Join(" ", PlainText.Of(title.Blocks)),
            Description = PlainText.Of(BlocksOf(Description)),
            Examples = [.. PartsOf(Examples).Select(ReadExample)],
            Parameters = [.. PartsOf(Parameters).Select(ReadEntry)],
            Inputs = [.. PartsOf(Inputs).Select(ReadEntry)],
            Outputs = [.. PartsOf(Outputs).Select(ReadEntry)],
            Notes = PlainText.Of(BlocksOf(Notes)),
            RelatedLinks = [.. BlocksOf(RelatedLinks).SelectMany(block => block.Descendants<LinkInline>()).Select(ReadLink)],
        };

        PageSection? Find(string name) => title.Parts.FirstOrDefault(section => section.Title == name);
        IReadOnlyList<Block> BlocksOf(string name) => Find(name)?.Blocks ?? [];
        IReadOnlyList<PageSection> PartsOf(string name) => Find(name)?.Parts ?? [];
    }

    private static PageEntry ReadEntry(PageSection part) => new(part.Title, PlainText.Of(part.Blocks), part.Line);

    private static PageExample ReadExample(PageSection part) => new(
        part.Title,
        string.Join("\n\n", part.Blocks.OfType<FencedCodeBlock>().Select(PlainText.OfCode)),
        PlainText.Of(part.Blocks.Where(block => block is not FencedCodeBlock)),
        part.Line);

    private static PageLink ReadLink(LinkInline link) =>
        new(PlainText.Of(link), link.Url?.Contains("://", StringComparison.Ordinal) == true ? link.Url : null);
}
