namespace PrefectPS.Integration.Tests.Host;

public sealed class PublishTests
{
    [Fact]
    public async Task A_published_host_runs_with_the_module_that_came_with_it()
    {
        using var folder = new TemporaryFolder();
        await using (var publish = HostProcess.StartProgram(
            "dotnet",
            ["publish", Repository.PathOf("src/PrefectPS.Host"), "--no-build", "--configuration", HostProcess.Configuration, "--output", folder["host"]]))
        {
            var published = await publish.EndAsync();
            Assert.True(published.ExitCode == 0, published.Output);
        }

        await using var host = HostProcess.StartProgram(
            "dotnet", [folder["host/PrefectPS.Host.dll"], "-NoProfile", "-c", "(Get-Command New-Flow).Module.ModuleBase; (Invoke-Flow (New-Flow f { task t { 1 } })).State"]);
        var result = await host.EndAsync();

        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        Assert.Equal([Path.Combine(folder["host"], "Modules", "PrefectPS"), "Success"], result.Lines);
    }
}
