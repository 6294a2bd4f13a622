using System.Reflection;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Legacy;

/// <summary>The build for Windows PowerShell 5.1 finds all that it refers to in .NET Framework 4.7.2 and the module's own folder.</summary>
public sealed class LegacyBuildTests : IDisposable
{
    private static readonly string Folder = Path.Combine(Repository.ModuleFolder, "netstandard2.0");

    private static readonly string Framework = typeof(LegacyBuildTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "FrameworkReferences").Value!;

    // The module's own, and those of the providers, which come with their SDKs.
    private static readonly string[] Folders = [Folder, .. Directory.GetDirectories(Folder).Where(folder => Directory.GetFiles(folder, "*.dll").Length > 0)];

    private readonly AssemblySet _assemblies = new([.. Folders, Framework, Path.Combine(Framework, "Facades")]);
    private readonly ReferenceChecker _checker;

    public LegacyBuildTests() =>
        _checker = new(_assemblies, name => name == "System.Management.Automation");

    public static TheoryData<string> Assemblies =>
        [.. Folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll")).Select(f => Path.GetFileNameWithoutExtension(f)).Distinct().Order(StringComparer.Ordinal)];

    public void Dispose() => _assemblies.Dispose();

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Every_referenced_assembly_is_there(string assembly) => Assert.Empty(_checker.MissingAssemblies(assembly));

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Every_referenced_type_is_there(string assembly) => Assert.Empty(_checker.MissingTypes(assembly));

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Every_referenced_member_is_there(string assembly) => Assert.Empty(_checker.MissingMembers(assembly));

    [Fact]
    public void An_assembly_has_one_version_wherever_it_is()
    {
        // .NET Framework loads both versions where there are two, and then their types differ.
        var versions = Folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll")).Select(AssemblyName.GetAssemblyName).ToLookup(name => name.Name, name =>
            name.Version);

        Assert.DoesNotContain(versions, each => each.Distinct().Skip(1).Any());
    }

    [Fact]
    public void The_check_sees_what_the_framework_lacks()
    {
        using var modern = new AssemblySet(Path.Combine(Repository.ModuleFolder, "net8.0"), Framework, Path.Combine(Framework, "Facades"));
        var checker = new ReferenceChecker(modern, name => name == "System.Management.Automation");

        Assert.Contains("System.Text.Json", checker.MissingAssemblies("PrefectPS.Engine"));
        Assert.Contains("System.Runtime.Loader.AssemblyLoadContext of System.Runtime.Loader", checker.MissingTypes("PrefectPS.LoadContext"));
        Assert.NotEmpty(checker.MissingMembers("PrefectPS.Engine"));
    }
}
