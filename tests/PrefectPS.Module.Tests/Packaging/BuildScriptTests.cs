using PrefectPS.Module.Tests.Support;
using PrefectPS.Tests.Shared;

namespace PrefectPS.Module.Tests.Packaging;

public sealed class BuildScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BuildScriptTests() => File.Copy(Path.Combine(Repository.Root, "build.ps1"), _folder["build.ps1"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_unknown_task_is_an_error_that_names_those_there_are() =>
        Assert.Equal("There is no task 'Deploy'. The tasks are Build, Test, Package, Soak and Clean.", await FailAsync("Build, Deploy"));

    [Fact]
    public async Task A_failing_tool_is_an_error_with_its_exit_code() =>
        Assert.Matches("^'dotnet build .*PrefectPS.slnx --configuration Release' failed with exit code [1-9]", await FailAsync("Build"));

    [Fact]
    public async Task What_was_not_built_cannot_be_packaged() =>
        Assert.Contains("Run ./build.ps1 Build first", await FailAsync("Package -NoBuild"), StringComparison.Ordinal);

    [Fact]
    public async Task Clean_deletes_what_builds_made_and_nothing_else_and_leaves_the_session_where_it_was()
    {
        string[] made = ["bin/net8.0", "artifacts/PrefectPS", "src/One/bin/Debug", "src/One/obj", "tests/Two/obj", "tests/Two/TestResults"];
        string[] kept = ["src/One/Code", "tests/Pester", "docs/bin"];
        foreach (var name in made.Concat(kept))
            Directory.CreateDirectory(_folder[name]);

        var lines = await RealPowerShell.RunScriptAsync("param($Script)\n(Get-Location).Path\n& $Script Clean\n(Get-Location).Path", [_folder["build.ps1"]]);

        Assert.All(made, name => Assert.False(Directory.Exists(_folder[name]), name));
        Assert.All(kept, name => Assert.True(Directory.Exists(_folder[name]), name));
        Assert.Equal(lines[0], lines[^1]);
    }

    // The message that the script ends with.
    private async Task<string> FailAsync(string arguments) => (await RealPowerShell.RunScriptAsync(
        $$"""
        param($Script)
        try { & $Script {{arguments}} } catch { "failed: $($_.Exception.Message)" }
        """,
        [_folder["build.ps1"]]))
        .Single(line => line.StartsWith("failed: ", StringComparison.Ordinal))["failed: ".Length..];
}
