using System.Collections;
using System.Management.Automation;
using Xunit;

namespace PrefectPS.Module.Tests.Help;

public sealed class CmdletHelpTests : IDisposable
{
    private readonly HelpSession _session = new();

    public static TheoryData<string> Cmdlets()
    {
        using var session = new HelpSession();
        return [.. session.Run("(Get-Module PrefectPS).ExportedCmdlets.Keys").Select(name => (string)name.BaseObject)];
    }

    public void Dispose() => _session.Dispose();

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_cmdlet_has_a_synopsis_and_a_description(string cmdlet)
    {
        var help = HelpOf(cmdlet);

        Assert.EndsWith(".", TextOf(help, "Synopsis").Trim(), StringComparison.Ordinal);
        Assert.NotEmpty(TextOf(help, "description"));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_cmdlet_says_what_goes_in_and_what_comes_out(string cmdlet)
    {
        var help = HelpOf(cmdlet);

        Assert.All(ItemsOf(help, "inputTypes", "inputType"), type => Assert.NotEmpty(TextOf(type, "description")));
        Assert.All(ItemsOf(help, "returnValues", "returnValue"), type => Assert.NotEmpty(TextOf(type, "description")));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_parameter_that_a_cmdlet_has_is_described(string cmdlet)
    {
        var parameters = _session.Run($$"""
            $common = [System.Management.Automation.PSCmdlet]::CommonParameters
            (Get-Command {{cmdlet}}).Parameters.Keys | Where-Object { $_ -notin $common }
            """).Select(name => name.ToString());

        var described = ItemsOf(HelpOf(cmdlet), "parameters", "parameter");

        Assert.Equal(parameters.Order(StringComparer.Ordinal), described.Select(p => TextOf(p, "name")).Order(StringComparer.Ordinal));
        Assert.All(described, parameter => Assert.NotEmpty(TextOf(parameter, "description")));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_cmdlet_has_two_examples_and_says_what_they_do(string cmdlet)
    {
        var examples = ItemsOf(HelpOf(cmdlet), "examples", "example");

        Assert.True(examples.Count >= 2, $"There are {examples.Count}.");
        Assert.All(examples, example => Assert.NotEmpty(TextOf(example, "code")));
        Assert.All(examples, example => Assert.NotEmpty(TextOf(example, "remarks").Trim()));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void The_syntax_has_a_line_for_each_parameter_set_as_PowerShell_has_it(string cmdlet)
    {
        var expected = _session.Run($$"""
            $common = [System.Management.Automation.PSCmdlet]::CommonParameters
            foreach ($set in (Get-Command {{cmdlet}}).ParameterSets) {
                ($set.Parameters | Where-Object { $_.Name -notin $common } | ForEach-Object { "$($_.Name) $($_.IsMandatory)" }) -join ', '
            }
            """).Select(line => Sorted((string)line.BaseObject));

        var lines = ItemsOf(HelpOf(cmdlet), "syntax", "syntaxItem")
            .Select(line => Sorted(string.Join(", ", ItemsOf(line, "parameter").Select(p => $"{TextOf(p, "name")} {bool.Parse(TextOf(p, "required"))}"))));

        Assert.Equal(expected.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_module_is_explained_by_its_about_topic()
    {
        var topic = Assert.Single(_session.Run("Get-Help about_PrefectPS"));

        foreach (var word in new[] { "flow", "task", "run", "step", "budget", "state", "store" })
            Assert.Matches($@"(?m)^    {word} ", topic.ToString());
    }

    private static string Sorted(string line) => string.Join(", ", line.Split(", ").Order(StringComparer.Ordinal));

    private static string TextOf(PSObject item, string property) => item.Properties[property]?.Value switch
    {
        null => string.Empty,
        string text => text,
        IEnumerable paragraphs => string.Join("\n", paragraphs.Cast<object>().Select(p => PSObject.AsPSObject(p).Properties["Text"]?.Value ?? p)),
        var other => other.ToString()!,
    };

    // Help has one item as it is, and several as an array; none has no property.
    private static List<PSObject> ItemsOf(PSObject parent, params ReadOnlySpan<string> path)
    {
        object? value = parent;
        foreach (var property in path)
            value = value is null ? null : PSObject.AsPSObject(value).Properties[property]?.Value;
        return value is null ? [] : [.. LanguagePrimitives.ConvertTo<object[]>(value).Select(PSObject.AsPSObject)];
    }

    private PSObject HelpOf(string cmdlet) => Assert.Single(_session.Run($"Get-Help {cmdlet} -Full"));
}
