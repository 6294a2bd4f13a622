using System.Management.Automation;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Packaging;

public sealed class BuildScriptTests : IDisposable
{
    private static readonly string Script = Path.Combine(Repository.Root, "build.ps1");

    private readonly ModuleSession _session = ModuleSession.OpenBare();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void An_unknown_task_is_an_error_that_names_those_there_are()
    {
        var e = Assert.ThrowsAny<RuntimeException>(() => _session.Run("& $args[0] Build, Deploy", Script));

        Assert.Equal("There is no task 'Deploy'. The tasks are Build, Test, Package and Clean.", e.Message);
    }

    [Fact]
    public void A_failing_tool_is_an_error_with_its_exit_code()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Script, folder["build.ps1"]);

        var e = Assert.ThrowsAny<RuntimeException>(() => _session.Run("& $args[0] Build", folder["build.ps1"]));

        Assert.Matches("^'dotnet build .*PrefectPS.slnx --configuration Release' failed with exit code [1-9]", e.Message);
    }

    [Fact]
    public void What_was_not_built_cannot_be_packaged()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Script, folder["build.ps1"]);

        var e = Assert.ThrowsAny<RuntimeException>(() => _session.Run("& $args[0] Package -NoBuild", folder["build.ps1"]));

        Assert.Contains("Run ./build.ps1 Build first", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clean_deletes_what_builds_made_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        string[] made = ["bin/net8.0", "artifacts/PrefectPS", "src/One/bin/Debug", "src/One/obj", "tests/Two/obj", "tests/Two/TestResults"];
        string[] kept = ["src/One/Code", "tests/Pester", "docs/bin"];
        foreach (var name in made.Concat(kept))
            Directory.CreateDirectory(folder[name]);
        File.Copy(Script, folder["build.ps1"]);

        _session.Run("& $args[0] Clean", folder["build.ps1"]);

        Assert.All(made, name => Assert.False(Directory.Exists(folder[name]), name));
        Assert.All(kept, name => Assert.True(Directory.Exists(folder[name]), name));
    }

    [Fact]
    public void It_leaves_the_session_where_it_was()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Script, folder["build.ps1"]);
        Directory.CreateDirectory(folder["src"]);
        Directory.CreateDirectory(folder["tests"]);
        const string Where = "$ExecutionContext.SessionState.Path.CurrentLocation.Path";
        var before = _session.Run(Where).Single();

        _session.Run("& $args[0] Clean", folder["build.ps1"]);

        Assert.Equal(before, _session.Run(Where).Single());
    }
}
