using PrefectPS.Help;
using PrefectPS.Help.Cmdlets;
using PrefectPS.Help.Pages;
using Xunit;

namespace PrefectPS.Module.Tests.Help;

public sealed class PageCheckerTests
{
    private static readonly CmdletShape Cmdlet = new("Get", "Thing", [ParameterUse.AllSets], [new("Name", "string", [new(ParameterUse.AllSets)])]);

    private static readonly HelpPage Page = new("Get-Thing.md", "Get-Thing")
    {
        Synopsis = "Gets a thing.",
        Description = ["It gets it."],
        Examples = [new("One", "Get-Thing a", ["Gets a."], 3), new("Two", "Get-Thing b", ["Gets b."], 5)],
        Parameters = [new("-Name", ["Its name."], 7)],
        Inputs = [new("None", ["Nothing."], 9)],
        Outputs = [new("System.Object", ["The thing."], 11)],
    };

    [Fact]
    public void A_page_that_says_all_has_no_fault() => Assert.Empty(Check(Page));

    [Theory]
    [InlineData("Returns a thing.")]
    [InlineData("Gets a thing")]
    [InlineData("Gets a thing. It is old.")]
    public void A_synopsis_is_one_sentence_that_begins_with_the_verb(string synopsis) =>
        Assert.Equal($"Get-Thing.md(1): error HELP: the synopsis is one sentence that begins with 'Gets': '{synopsis}'", OneFault(Page with { Synopsis = synopsis }));

    [Fact]
    public void A_cmdlet_without_a_page_is_a_fault() =>
        Assert.EndsWith("Get-Thing.md(1): error HELP: the cmdlet Get-Thing has no page; write this one", OneFault(), StringComparison.Ordinal);

    [Fact]
    public void A_page_without_a_cmdlet_is_a_fault() =>
        Assert.Equal("Old-Thing.md(1): error HELP: there is no cmdlet 'Old-Thing'", OneFault(Page, new("Old-Thing.md", "Old-Thing")));

    [Fact]
    public void A_parameter_that_the_cmdlet_does_not_have_is_a_fault() =>
        Assert.Equal("Get-Thing.md(8): error HELP: Get-Thing has no parameter '-Nmae'",
            OneFault(Page with { Parameters = [.. Page.Parameters, new("-Nmae", ["Its name."], 8)] }));

    [Fact]
    public void A_parameter_described_twice_is_a_fault() =>
        Assert.Equal("Get-Thing.md(8): error HELP: the parameter '-Name' is described twice",
            OneFault(Page with { Parameters = [.. Page.Parameters, new("-Name", ["Its name."], 8)] }));

    [Fact]
    public void A_parameter_without_a_description_is_a_fault()
    {
        const string fault = "Get-Thing.md(1): error HELP: the parameter -Name has no description";

        Assert.Equal(fault, OneFault(Page with { Parameters = [] }));
        Assert.Equal(fault, OneFault(Page with { Parameters = [new("-Name", [], 7)] }));
    }

    [Fact]
    public void Fewer_than_two_examples_are_a_fault() =>
        Assert.Equal("Get-Thing.md(1): error HELP: it has 1 of at least 2 examples", OneFault(Page with { Examples = [Page.Examples[0]] }));

    [Fact]
    public void An_example_without_code_or_words_is_a_fault()
    {
        Assert.Contains("has no block of code", OneFault(With(Page.Examples[1] with { Code = string.Empty })), StringComparison.Ordinal);
        Assert.Contains("nothing is said of the example 'Two'", OneFault(With(Page.Examples[1] with { Remarks = [] })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_that_is_missing_is_a_fault()
    {
        Assert.Contains("no synopsis", OneFault(Page with { Synopsis = string.Empty }), StringComparison.Ordinal);
        Assert.Contains("Description is missing", OneFault(Page with { Description = [] }), StringComparison.Ordinal);
        Assert.Contains("Inputs is missing", OneFault(Page with { Inputs = [] }), StringComparison.Ordinal);
        Assert.Contains("Outputs is missing", OneFault(Page with { Outputs = [] }), StringComparison.Ordinal);
        Assert.Contains("nothing is said of 'None'", OneFault(Page with { Inputs = [new("None", [], 9)] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_in_a_file_of_another_name_is_a_fault() =>
        Assert.Contains("named after its cmdlet: Get-Thing.md", OneFault(Page with { File = "Thing.md" }), StringComparison.Ordinal);

    private static HelpPage With(PageExample second) => Page with { Examples = [Page.Examples[0], second] };

    private static string OneFault(params HelpPage[] pages) => Assert.Single(Check(pages)).ToString();

    private static IEnumerable<Fault> Check(params HelpPage[] pages) => PageChecker.Check("cmdlets", pages, [Cmdlet]);
}
