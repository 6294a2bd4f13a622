using System.Text.Json;
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
        var code = ReadExample("about_PrefectPS");
        using var session = new HelpSession();

        session.Run(code);
        var run = Assert.Single(session.Run(code));

        Assert.Equal("Success", run.Properties["State"].Value.ToString());
        Assert.Equal(1, run.Properties["Step"].Value);
    }

    [Fact]
    public void The_example_of_about_FlowTasks_sends_each_parcel_and_cleans_up()
    {
        using var session = new HelpSession();

        var tasks = session.Run(ReadExample("about_FlowTasks"));

        Assert.Equal(["Success", "Mapped", "Success", "Success"], tasks.Select(task => task.Properties["State"].Value.ToString()));
    }

    [Fact]
    public void The_example_of_about_FlowSteps_takes_a_step_a_task()
    {
        using var session = new HelpSession();

        var lines = session.Run(ReadExample("about_FlowSteps")).Select(line => line.ToString());

        Assert.Equal(
            ["after step 1: 2 of 3 tasks still to run.", "after step 2: 1 of 3 tasks still to run.", "after step 3: All reference tasks succeeded."],
            lines);
    }

    [Fact]
    public void The_example_of_about_FlowStateDocument_writes_what_it_describes()
    {
        using var session = new HelpSession();

        var document = JsonElement.Parse(Assert.Single(session.Run(ReadExample("about_FlowStateDocument"))).ToString()!);

        Assert.Equal(["version", "flow", "run", "state", "tasks"], document.EnumerateObject().Select(property => property.Name));
        Assert.Equal("done by hand", document.GetProperty("tasks")[0].GetProperty("state").GetProperty("message").GetString());
    }

    private static string ReadExample(string topic) => string.Join('\n', File.ReadAllLines(Path.Combine(HelpFiles.Root, "docs", $"{topic}.help.txt"))
        .SkipWhile(line => line != "EXAMPLE")
        .Where(line => line.StartsWith("        ", StringComparison.Ordinal))
        .Where(line => !line.Contains("Import-Module", StringComparison.Ordinal)));
}
