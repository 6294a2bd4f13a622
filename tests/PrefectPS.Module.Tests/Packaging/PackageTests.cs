using System.IO.Compression;
using System.Xml.Linq;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Packaging;

/// <summary>The package as a user and a gallery take it.</summary>
public sealed class PackageTests(BuiltPackage package) : IClassFixture<BuiltPackage>
{
    [Fact]
    public async Task The_folder_is_imported_by_name_from_a_module_path()
    {
        var lines = await SessionProcess.RunAsync(
            """
            $env:PSModulePath = $args[0]
            Import-Module PrefectPS
            (Get-Module PrefectPS).ModuleBase
            (Invoke-Flow (New-Flow packaged { task answer { 42 } })).Tasks[0].Result
            """,
            package.ModulePath);

        Assert.Equal([package.ModuleFolder, "42"], lines);
    }

    [Fact]
    public async Task Its_commands_are_found_without_an_import()
    {
        var lines = await SessionProcess.RunAsync("$env:PSModulePath = $args[0]; (New-Flow found).Name; (flow short { task a { } }).Tasks.Name", package.ModulePath);

        Assert.Equal(["found", "a"], lines);
    }

    [Fact]
    public void The_folder_has_all_the_module_needs_and_no_debug_symbols()
    {
        var files = FilesOf(package.ModuleFolder);

        Assert.Superset(
            new HashSet<string>
            {
                "PrefectPS.psd1", "LICENSE", "README.md", "bin/PrefectPS.psm1", "bin/PrefectPS.Format.ps1xml",
                "bin/net8.0/PrefectPS.dll", "bin/net8.0/PrefectPS.Engine.dll", "bin/net8.0/PrefectPS.Loader.dll",
                "bin/netstandard2.0/PrefectPS.dll", "bin/netstandard2.0/PrefectPS.Engine.dll", "bin/netstandard2.0/System.Text.Json.dll",
            },
            files);
        Assert.DoesNotContain(files, file => file.EndsWith(".pdb", StringComparison.Ordinal));
    }

    [Fact]
    public void The_archive_holds_the_same_files_as_the_folder()
    {
        using var archive = ZipFile.OpenRead(package.Archive);
        var files = FilesOf(package.ModuleFolder);

        Assert.Equal(files, archive.Entries.Select(e => e.FullName).Where(files.Contains).ToHashSet());
        Assert.Contains(archive.Entries, e => e.FullName == "[Content_Types].xml");
    }

    [Fact]
    public void The_archive_says_what_a_gallery_asks_for()
    {
        using var archive = ZipFile.OpenRead(package.Archive);
        using var nuspec = archive.GetEntry("PrefectPS.nuspec")!.Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().Single(e => e.Name.LocalName == "metadata").Elements().ToLookup(e => e.Name.LocalName, e => e.Value);

        Assert.Equal("PrefectPS", metadata["id"].Single());
        Assert.Equal(package.Version, metadata["version"].Single());
        Assert.Equal("MIT", metadata["license"].Single());
        Assert.Superset(new HashSet<string> { "PSModule", "PSEdition_Core", "PSEdition_Desktop", "PSCmdlet_Invoke-FlowStep" }, metadata["tags"].Single().Split(' ').ToHashSet());
    }

    [Fact]
    public void The_script_says_where_they_are_without_a_warning()
    {
        Assert.Contains(package.ModuleFolder, package.Log, StringComparison.Ordinal);
        Assert.Contains(package.Archive, package.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("[Warning]", package.Log, StringComparison.Ordinal);
    }

    private static HashSet<string> FilesOf(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'))];
}
