using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Packaging;

/// <summary>What <c>build.ps1 Package</c> makes of the built module, made once for all tests that look at it.</summary>
public sealed class BuiltPackage : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BuiltPackage()
    {
        using var session = ModuleSession.OpenBare();
        Log = string.Join('\n', session.Run("& $args[0] Package -NoBuild -Output $args[1]", Path.Combine(Repository.Root, "build.ps1"), _folder.Path).Output);
    }

    /// <summary>What the build script said.</summary>
    public string Log { get; }

    /// <summary>The folder for PSModulePath.</summary>
    public string ModulePath => _folder.Path;

    /// <summary>The module's own folder.</summary>
    public string ModuleFolder => Assert.Single(Directory.GetDirectories(_folder["PrefectPS"]));

    public string Archive => Assert.Single(Directory.GetFiles(_folder.Path, "*.nupkg"));

    public string Version => Path.GetFileName(ModuleFolder);

    public void Dispose() => _folder.Dispose();
}
