using PrefectPS.Module.Tests.Support;
using PrefectPS.Tests.Shared;

namespace PrefectPS.Module.Tests.Packaging;

/// <summary>What <c>build.ps1 Package</c> makes of the built module, made once for all tests that look at it.</summary>
public sealed class BuiltPackage : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>What the build script said.</summary>
    public string Log { get; private set; } = string.Empty;

    /// <summary>The folder for PSModulePath.</summary>
    public string ModulePath => _folder.Path;

    /// <summary>The module's own folder.</summary>
    public string ModuleFolder => Assert.Single(Directory.GetDirectories(_folder["PrefectPS"]));

    public string Archive => Assert.Single(Directory.GetFiles(_folder.Path, "*.nupkg"));

    /// <summary>What Azure Automation imports.</summary>
    public string Zip => _folder["PrefectPS.zip"];

    public string Version => Path.GetFileName(ModuleFolder);

    public async ValueTask InitializeAsync() => Log = string.Join('\n', await RealPowerShell.RunScriptAsync(
        "param($Script, $Output)\n& $Script Package -NoBuild -Output $Output",
        [Path.Combine(Repository.Root, "build.ps1"), _folder.Path]));

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }
}
