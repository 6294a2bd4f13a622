using System.Text.RegularExpressions;

namespace PrefectPS.Integration.Tests.Examples;

/// <summary>The README of each recipe has what a first deployment and the days after it take.</summary>
public partial class RecipeReadmeTests
{
    public static TheoryData<string> Recipes() => ["approval", "azure-automation", "azure-functions", "cloud-run", "github-actions"];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void It_says_what_to_install_with_which_rights_and_what_to_do_day_by_day(string recipe)
    {
        var text = File.ReadAllText(Repository.PathOf($"docs/examples/{recipe}/README.md"));
        var version = ModuleVersion().Match(File.ReadAllText(Repository.PathOf("PrefectPS.psd1"))).Groups["version"].Value;

        string[] wanted =
        [
            "**First deployment**", "PowerShell 7.4", $"PrefectPS {version}", "./build.ps1 Package", "**Day to day**", "Get-FlowRun -Store",
            "Set-FlowTaskState -From Failed -To Pending -IncludeDownstream",
        ];
        Assert.All(wanted, part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.Matches("Storage Blob Data Contributor|roles/storage.objectAdmin", text);
        Assert.Matches("Set-FlowTaskState -Task \\w+ -To Resume|Send-FlowEvent", text);
    }

    [GeneratedRegex(@"ModuleVersion\s*=\s*'(?<version>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ModuleVersion();
}
