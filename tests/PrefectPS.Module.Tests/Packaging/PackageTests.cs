using System.IO.Compression;
using System.Text.RegularExpressions;
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
                "PrefectPS.psd1", "LICENSE", "README.md", "CHANGELOG.md", "docs/flow-state.schema.json", "docs/results.md", "bin/PrefectPS.Loader/PrefectPS.psm1", "bin/PrefectPS.Format.ps1xml",
                "bin/net8.0/PrefectPS.dll", "bin/net8.0/PrefectPS.Engine.dll", "bin/net8.0/PrefectPS.LoadContext.dll", "bin/PrefectPS.Loader/PrefectPS.Loader.dll",
                "bin/netstandard2.0/PrefectPS.dll", "bin/netstandard2.0/PrefectPS.Engine.dll", "bin/netstandard2.0/System.Text.Json.dll",
                "bin/net8.0/Http/Microsoft.AspNetCore.Server.Kestrel.Core.dll", "bin/netstandard2.0/Http/Microsoft.AspNetCore.Server.Kestrel.Core.dll",
                "bin/net8.0/Http/Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets.dll", "bin/netstandard2.0/Http/Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets.dll",
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
        Assert.NotEmpty(metadata["releaseNotes"].Single());
    }

    [Fact]
    public void Its_manifest_has_release_notes_and_each_cmdlet_among_its_tags()
    {
        using var session = ModuleSession.OpenBare();
        const string Read = "$m = Test-ModuleManifest $args[0]; $m.ReleaseNotes; @($m.ExportedCmdlets.Keys | Where-Object { \"PSCmdlet_$_\" -notin $m.Tags -or \"PSCommand_$_\" -notin $m.Tags }).Count; $m.ExportedCmdlets.Count";
        var output = session.Run(Read, Path.Combine(package.ModuleFolder, "PrefectPS.psd1")).Output;

        Assert.NotEmpty(Assert.IsType<string>(output[0]));
        Assert.Equal(0, output[1]);
        Assert.NotEqual(0, output[2]);
    }

    [Fact]
    public void No_page_in_it_has_a_dead_link()
    {
        var pages = Directory.GetFiles(package.ModuleFolder, "*.md", SearchOption.AllDirectories);
        var links = pages.SelectMany(page => LinksOf(page).Select(link => (Page: page, Link: link))).ToList();

        Assert.True(links.Count(link => Path.GetFileName(link.Page) == "README.md") > 30);
        Assert.All(links, link => Assert.True(
            Path.Exists(Path.Combine(Path.GetDirectoryName(link.Page)!, link.Link)), $"{Path.GetRelativePath(package.ModuleFolder, link.Page)}: {link.Link}"));
    }

    [Fact]
    public void The_script_says_where_they_are_without_a_warning()
    {
        Assert.Contains(package.ModuleFolder, package.Log, StringComparison.Ordinal);
        Assert.Contains(package.Archive, package.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("[Warning]", package.Log, StringComparison.Ordinal);
    }

    // Targets in the package: no address, and without the place in the page. What stands in code is no link.
    private static IEnumerable<string> LinksOf(string page) =>
        Regex.Matches(Regex.Replace(File.ReadAllText(page), "```.*?```|`[^`\\n]*`", "`", RegexOptions.Singleline), @"\]\(([^)\s]+)\)")
            .Select(match => match.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal) && link[0] != '#')
            .Select(link => Uri.UnescapeDataString(link.Split('#')[0]));

    private static HashSet<string> FilesOf(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'))];
}
