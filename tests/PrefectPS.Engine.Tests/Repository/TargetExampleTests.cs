using System.Text.RegularExpressions;

namespace PrefectPS.Engine.Tests.Repository;

/// <summary>Readers copy what is shown: a target without the flow's name lets two flows in one store take each other's results.</summary>
public partial class TargetExampleTests
{
    [Fact]
    public void Every_target_that_is_shown_has_the_name_of_the_flow()
    {
        var root = Checkout.Root;
        string[] files = [Path.Combine(root, "README.md"), .. Directory.GetFiles(Path.Combine(root, "docs"), "*", SearchOption.AllDirectories)];
        var shown = files.Where(file => Path.GetExtension(file) is ".md" or ".txt" or ".ps1")
            .SelectMany(file => TargetPattern().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetRelativePath(root, file)}: {match.Value}"))
            .ToList();

        Assert.True(shown.Count > 10);
        Assert.DoesNotContain(shown, target => !target.Contains("flow_name", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"-Target ('[^']*'|\{[^}]*\})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TargetPattern();
}
