using Xunit;

namespace PrefectPS.Module.Tests.Help;

public sealed class ExampleTests
{
    public static TheoryData<string, string> Examples() =>
        [.. HelpFiles.ReadPages().SelectMany(page => page.Examples.Select(example => (page.Name, example.Title)))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_of_the_help_runs_by_itself_without_an_error(string cmdlet, string title)
    {
        var example = HelpFiles.ReadPages().First(page => page.Name == cmdlet).Examples.First(example => example.Title == title);
        using var session = new HelpSession();

        session.Run(example.Code);
    }

    [Fact]
    public void The_example_of_the_about_topic_runs_to_its_end_when_it_is_called_again()
    {
        var topic = File.ReadAllLines(Path.Combine(HelpFiles.Root, "docs", "about_PrefectPS.help.txt"));
        var code = topic.SkipWhile(line => line != "EXAMPLE").Where(line => line.StartsWith("        ", StringComparison.Ordinal))
            .Where(line => !line.Contains("Import-Module", StringComparison.Ordinal));
        using var session = new HelpSession();

        session.Run(string.Join("\n", code));
        var run = Assert.Single(session.Run(string.Join("\n", code)));

        Assert.Equal("Success", run.Properties["State"].Value.ToString());
        Assert.Equal(1, run.Properties["Step"].Value);
    }
}
