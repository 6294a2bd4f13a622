using System.Text.RegularExpressions;

namespace PrefectPS.Engine.Tests.Repository;

/// <summary>Examples are copied: a target without the flow's name would mix the results of two flows in one store.</summary>
public partial class TargetExampleTests
{
    [Fact]
    public void Every_example_target_contains_the_flows_name()
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
