namespace PrefectPS.Integration.Tests.Examples;

public class FirstFlowTests
{
    [Fact]
    public async Task The_first_flow_runs_whole_step_by_step_and_by_the_original_trick_each_task_once()
    {
        using var folder = new TemporaryFolder();
        var result = await HostProcess.RunAsync([Repository.PathOf("docs/examples/first-flow.ps1"), "-Folder", folder.Path]);

        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        foreach (var line in new[] { "At once", "In 8 steps", "By the trick, in 4 steps" })
            Assert.Contains($"{line}: every task ran exactly once.", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["task1.txt", "task2.txt", "task3.txt"],
            Directory.GetFiles(Path.Combine(folder.Path, "steps"), "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
