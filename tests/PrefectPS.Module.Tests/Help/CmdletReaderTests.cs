using System.Management.Automation;
using PrefectPS.Help.Cmdlets;
using Xunit;

namespace PrefectPS.Module.Tests.Help;

public sealed class CmdletReaderTests
{
    private static readonly CmdletShape Shape = Assert.Single(CmdletReader.Read([typeof(SampleCommand), typeof(CmdletReaderTests)]));

    [Fact]
    public void A_cmdlet_has_its_name_and_its_parameter_sets_the_default_one_first()
    {
        Assert.Equal("Get-Sample", Shape.Name);
        Assert.Equal(["ByName", "ById"], Shape.ParameterSets);
    }

    [Fact]
    public void A_parameter_has_its_place_in_each_set()
    {
        var id = Find("Id");

        Assert.Equal(new("ById") { IsMandatory = true, Position = 0, FromPipeline = true }, id.In("ById"));
        Assert.Null(id.In("ByName"));
        Assert.NotNull(Find("Wait").In("ById"));
        Assert.NotNull(Find("Wait").In("ByName"));
    }

    [Fact]
    public void A_parameter_has_the_type_that_PowerShell_shows()
    {
        Assert.Equal("int", Find("Id").Type);
        Assert.Equal("string[]", Find("Name").Type);
        Assert.Equal("timespan", Find("Wait").Type);
        Assert.Null(Find("Force").Type);
    }

    [Fact]
    public void A_parameter_has_its_aliases_and_wildcards()
    {
        Assert.Equal(["Title", "Label"], Find("Name").Aliases);
        Assert.True(Find("Name").TakesWildcards);
        Assert.False(Find("Id").TakesWildcards);
    }

    [Fact]
    public void A_cmdlet_that_can_be_asked_first_has_what_PowerShell_adds() =>
        Assert.Equal("Id, Name, Wait, Force, WhatIf, Confirm", string.Join(", ", Shape.Parameters.Select(p => p.Name)));

    private static ParameterShape Find(string name) => Shape.Parameters.First(p => p.Name == name);

    [Cmdlet(VerbsCommon.Get, "Sample", DefaultParameterSetName = "ByName", SupportsShouldProcess = true)]
    private sealed class SampleCommand : PSCmdlet
    {
        [Parameter(ParameterSetName = "ById", Mandatory = true, Position = 0, ValueFromPipeline = true)]
        public int? Id { get; set; }

        [Parameter(ParameterSetName = "ByName")]
        [Alias("Title", "Label")]
        [SupportsWildcards]
        public string[]? Name { get; set; }

        [Parameter]
        public TimeSpan Wait { get; set; }

        [Parameter]
        public SwitchParameter Force { get; set; }

        public string? NoParameter { get; set; }
    }
}
