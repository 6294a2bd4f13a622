using PrefectPS.Module.Tests.Support;
using PrefectPS.Tests.Shared;

namespace PrefectPS.Module.Tests.Packaging;

/// <summary>The package in the hands of the tools that publish, find, install and import it.</summary>
public sealed class GalleryTests(BuiltPackage package) : IClassFixture<BuiltPackage>
{
    [Fact]
    public async Task It_is_published_to_a_folder_found_there_by_a_command_and_installed_from_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only on Linux do variables say where a user's modules are: it would be installed for whoever runs the tests.");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["gallery"]);
        var lines = await RealPowerShell.RunScriptAsync(
            """
            param($Gallery, $UserFolder, $Module)
            $ErrorActionPreference = 'Stop'
            # Settings and modules of a user who has none. A folder that is missing would be taken for the current one.
            $env:HOME = $UserFolder
            $env:XDG_DATA_HOME = $env:XDG_CONFIG_HOME = $env:XDG_CACHE_HOME = $null
            $null = New-Item "$UserFolder/.local/share", "$UserFolder/.config", "$UserFolder/.cache" -ItemType Directory
            Register-PSResourceRepository folder $Gallery -Trusted
            Publish-PSResource -Path $Module -Repository folder
            Test-Path "$UserFolder/.local/share/PSResourceGet/PSResourceRepository.xml"
            (Find-PSResource -CommandName Invoke-FlowStep -Repository folder).ParentResource.Name
            [bool](Find-PSResource PrefectPS -Repository folder).ReleaseNotes
            Install-PSResource PrefectPS -Repository folder
            $env:PSModulePath = "$UserFolder/.local/share/powershell/Modules$([IO.Path]::PathSeparator)$env:PSModulePath"
            Import-Module PrefectPS
            (Get-Module PrefectPS).ModuleBase.StartsWith($UserFolder)
            (Invoke-Flow (New-Flow installed { task answer { 42 } })).Tasks[0].Result
            """,
            [folder["gallery"], Directory.CreateDirectory(folder["user"]).FullName, package.ModuleFolder]);

        Assert.Equal(["True", "PrefectPS", "True", "True", "42"], lines);
    }

    [Fact]
    public async Task The_zip_for_Azure_Automation_is_a_module_folder_without_a_version()
    {
        using var folder = new TemporaryFolder();
        var lines = await RealPowerShell.RunScriptAsync(
            """
            param($Zip, $Folder)
            $ErrorActionPreference = 'Stop'
            Expand-Archive -LiteralPath $Zip -DestinationPath $Folder
            (Get-ChildItem $Folder).Name
            $env:PSModulePath = "$Folder$([IO.Path]::PathSeparator)$env:PSModulePath"
            Import-Module PrefectPS
            (Get-Module PrefectPS).ModuleBase
            (Invoke-Flow (New-Flow unpacked { task answer { 42 } })).Tasks[0].Result
            """,
            [package.Zip, folder.Path]);

        Assert.Equal(["PrefectPS", folder["PrefectPS"], "42"], lines);
    }
}
