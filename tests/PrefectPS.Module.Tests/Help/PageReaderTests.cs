using PrefectPS.Help;
using PrefectPS.Help.Pages;
using Xunit;

namespace PrefectPS.Module.Tests.Help;

public sealed class PageReaderTests
{
    private const string Page = """
        # Get-Thing

        Gets a
        `thing`.

        ## Description

        First, *with care*.

        - one
        - two

        ## Examples

        ### A thing

        ```powershell
        Get-Thing a
        # not a heading
        ```

        Gets it.

        ## Parameters

        ### -Name

        Its name.

        ## Related links

        - [Set-Thing](Set-Thing.md)
        - [The web](https://example.org/)
        """;

    private readonly List<Fault> _faults = [];

    [Fact]
    public void A_page_is_read_as_plain_text()
    {
        var page = Read(Page);

        Assert.Empty(_faults);
        Assert.Equal("Get-Thing", page.Name);
        Assert.Equal("Gets a thing.", page.Synopsis);
        Assert.Equal(["First, with care.", "- one", "- two"], page.Description);
    }

    [Fact]
    public void An_example_is_its_code_and_what_is_said_of_it()
    {
        var example = Assert.Single(Read(Page).Examples);

        Assert.Equal("A thing", example.Title);
        Assert.Equal("Get-Thing a\n# not a heading", example.Code);
        Assert.Equal(["Gets it."], example.Remarks);
    }

    [Fact]
    public void A_parameter_goes_by_its_name_without_the_hyphen_and_knows_its_line()
    {
        var parameter = Assert.Single(Read(Page).Parameters);

        Assert.Equal("Name", parameter.Name);
        Assert.Equal(Array.IndexOf(Page.ReplaceLineEndings("\n").Split('\n'), "### -Name") + 1, parameter.Line);
    }

    [Fact]
    public void Only_links_to_the_web_keep_their_address() =>
        Assert.Equal([new("Set-Thing", null), new("The web", "https://example.org/")], Read(Page).RelatedLinks);

    [Fact]
    public void A_section_that_help_does_not_have_is_a_fault_at_its_line()
    {
        Read("# Get-Thing\n\nGets.\n\n## Remarks\n");

        Assert.Equal("Get-Thing.md(5): error HELP: there is no section 'Remarks' in help; there are "
            + "Description, Examples, Parameters, Inputs, Outputs, Notes, Related links", Assert.Single(_faults).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Gets a thing.")]
    [InlineData("## Description")]
    [InlineData("# Get-Thing\n\n# Set-Thing")]
    public void A_page_without_one_title_is_a_fault(string markdown)
    {
        Read(markdown);

        Assert.Contains("begins with its one title", Assert.Single(_faults).Message, StringComparison.Ordinal);
    }

    private HelpPage Read(string markdown) => PageReader.Read("Get-Thing.md", markdown, _faults);
}
