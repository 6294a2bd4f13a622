using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Manifest;

/// <summary>What the manifest says is what the module has, and nothing else.</summary>
public sealed class ManifestTests : IDisposable
{
    private readonly ModuleSession _session = ModuleSession.Open();

    private readonly Hashtable _manifest = (Hashtable)Parser.ParseFile(Repository.Manifest, out _, out _)
        .Find(ast => ast is HashtableAst, searchNestedScriptBlocks: false).SafeGetValue();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void The_manifest_is_valid() =>
        Assert.Equal(_manifest["ModuleVersion"], _session.Run("(Test-ModuleManifest $args[0]).Version.ToString()", Repository.Manifest).Single());

    [Fact]
    public void The_version_is_that_of_the_assemblies() =>
        Assert.Equal(new Version($"{_manifest["ModuleVersion"]}.0"), AssemblyOfCmdlets().GetName().Version);

    [Fact]
    public void Every_exported_cmdlet_exists_and_every_cmdlet_is_exported() =>
        Assert.Equal(Listed("CmdletsToExport"), CmdletTypes().Select(NameOf).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_exported_alias_exists_and_every_alias_is_exported() =>
        Assert.Equal(Listed("AliasesToExport"), CmdletTypes().SelectMany(AliasesOf).Order(StringComparer.Ordinal));

    [Fact]
    public void A_session_sees_the_exported_commands_only() =>
        Assert.Equal(
            Listed("CmdletsToExport").Concat(Listed("AliasesToExport")).Order(StringComparer.OrdinalIgnoreCase),
            Commands().Select(c => c.Name).Order(StringComparer.OrdinalIgnoreCase));

    [Fact]
    public void Every_cmdlet_has_an_approved_verb_and_a_noun_of_the_family() =>
        Assert.Empty(_session.Run("Import-Module $args[0] -Force", Repository.Manifest).Warnings);

    [Fact]
    public void Every_file_of_the_manifest_is_there()
    {
        string[] files = [(string)_manifest["RootModule"]!, .. Listed("FormatsToProcess")];

        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(Repository.Root, file)), file));
    }

    private string[] Listed(string key) => [.. ((object[])_manifest[key]!).Cast<string>().Order(StringComparer.Ordinal)];

    private IEnumerable<CommandInfo> Commands() => _session.Run("Get-Command -Module PrefectPS -CommandType Cmdlet, Function, Alias").Output.Cast<CommandInfo>();

    private Assembly AssemblyOfCmdlets() => Commands().OfType<CmdletInfo>().First().ImplementingType.Assembly;

    private IEnumerable<Type> CmdletTypes() => AssemblyOfCmdlets().GetTypes().Where(t => t.IsDefined(typeof(CmdletAttribute)));

    private static string NameOf(Type cmdlet) =>
        cmdlet.GetCustomAttribute<CmdletAttribute>() is { } name ? $"{name.VerbName}-{name.NounName}" : string.Empty;

    private static IEnumerable<string> AliasesOf(Type cmdlet) => cmdlet.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? [];
}
