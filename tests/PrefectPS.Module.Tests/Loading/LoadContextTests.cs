using System.Management.Automation;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Loading;

/// <summary>Our assemblies and other modules' never meet, whoever comes first.</summary>
public sealed class LoadContextTests
{
    // A run through JSON and a store: uses all that the module depends on.
    private const string RunFlow = """
        $flow = New-Flow loaded { task a { @{ n = 41 } }; task b { param($x) $x.n + 1 } -InputFrom @{ x = 'a' } }
        $json = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
        ($json | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep).Tasks[1].Result
        """;

    private const string Report = $$"""
        Get-RivalVersion
        Get-RivalAnswer
        {{RunFlow}}
        Get-RivalAnswer
        """;

    private static readonly string ImageFolder = Path.Combine(Repository.ModuleFolder, "net10.0");

    // Release builds alone make images, at least for the platform that builds.
#if DEBUG
    private static readonly string StartFolder = Path.Combine(Repository.ModuleFolder, "net8.0");
#else
    private static readonly string StartFolder = Path.Combine(ImageFolder, RuntimeInformation.RuntimeIdentifier);
#endif

    public static TheoryData<string, bool> Rivals => new MatrixTheoryData<string, bool>(
        ["System.Text.Json", "Newtonsoft.Json", "PrefectPS.Engine"], [true, false]);

    [Fact]
    public void Our_assemblies_live_in_a_context_of_their_own()
    {
        using var session = ModuleSession.Open();

        var context = AssemblyLoadContext.GetLoadContext(ModuleAssembly(session));

        Assert.Equal("PrefectPS", context!.Name);
        Assert.NotSame(AssemblyLoadContext.Default, context);
        Assert.Contains("PrefectPS.Engine", context.Assemblies.Select(a => a.GetName().Name));
    }

    [Fact]
    public void Nothing_of_ours_but_the_loader_is_in_the_sessions_own_context()
    {
        using var session = ModuleSession.Open();
        session.Run(RunFlow);

        var loadedFromModule = AssemblyLoadContext.Default.Assemblies
            .Where(a => !a.IsDynamic && a.Location.StartsWith(Repository.ModuleFolder, StringComparison.Ordinal))
            .Select(a => a.GetName().Name)
            .Order(StringComparer.Ordinal);

        Assert.Equal(["PrefectPS.LoadContext", "PrefectPS.Loader"], loadedFromModule);
    }

    [Fact]
    public void What_there_is_as_machine_code_is_loaded_and_nothing_a_second_time()
    {
        using var session = ModuleSession.Open();
        session.Run(RunFlow);

        var context = AssemblyLoadContext.GetLoadContext(ModuleAssembly(session))!;

        Assert.Equal(
            [Path.Combine(StartFolder, "PrefectPS.Engine.dll"), Path.Combine(StartFolder, "PrefectPS.dll")],
            context.Assemblies.Select(a => a.Location).Where(l => Path.GetFileName(l).StartsWith("PrefectPS", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Machine_code_is_of_the_same_assemblies_as_beside_it()
    {
        var images = Directory.Exists(ImageFolder) ? Directory.GetFiles(ImageFolder, "*.dll", SearchOption.AllDirectories) : [];

        Assert.All(images, image =>
        {
            Assert.True(Read(image).HasMachineCode, image);
            Assert.Equal(Read(Path.Combine(Repository.ModuleFolder, "net8.0", Path.GetFileName(image))).Version, Read(image).Version);
        });

        static (Guid Version, bool HasMachineCode) Read(string file)
        {
            using var reader = new PEReader(File.OpenRead(file));
            var metadata = reader.GetMetadataReader();
            return (metadata.GetGuid(metadata.GetModuleDefinition().Mvid), reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0);
        }
    }

    [Fact]
    public async Task Nothing_of_a_cloud_is_loaded_before_a_store_there_is_opened()
    {
        using var folder = new TemporaryFolder();

        var lines = await SessionProcess.RunAsync(
            $$"""
            function Show { foreach ($assembly in [AppDomain]::CurrentDomain.GetAssemblies()) { if ("$assembly" -match '^(PrefectPS\.)?(Azure|Google)') {
                "$($assembly.GetName().Name) in $([System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext($assembly).Name)" } } }
            Import-Module $args[0]
            $null = Invoke-Flow (New-Flow local -Store $args[1] -Target '{task_name}.json' { task a { 42 } })
            'folder'; Show
            $null = New-Flow blobs -Store azblob://account/container
            'blobs'; Show | Where-Object { $_ -like 'PrefectPS*' -or $_ -like 'Azure.Storage.Blobs*' }
            $null = New-Flow bucket -Store gs://bucket/prefix
            'bucket'; Show | Where-Object { $_ -like '*Google*' }
            """,
            Repository.Manifest, folder.Path);

        Assert.Equal(
            ["folder", "blobs", "Azure.Storage.Blobs in PrefectPS.Azure", "PrefectPS.Azure in PrefectPS.Azure", "bucket", "PrefectPS.Google in PrefectPS.Google"],
            lines[..2].Concat(lines[2..4].Order(StringComparer.Ordinal)).Concat(lines[4..6]));
    }

    [Fact]
    public async Task Nothing_of_a_server_is_loaded_before_a_listener_starts()
    {
        var lines = await SessionProcess.RunAsync(
            """
            function Show { foreach ($assembly in [AppDomain]::CurrentDomain.GetAssemblies()) { if ("$assembly" -match '^(Microsoft\.AspNetCore|PrefectPS\.Http)') {
                "$($assembly.GetName().Name) in $([System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext($assembly).Name)" } } }
            Import-Module $args[0]
            $flow = New-Flow local { task a { 42 } }
            $null = Invoke-Flow $flow
            'ran'; Show
            $null = New-FlowChannel https://localhost/steps
            'channel'; Show
            $taken = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
            $taken.Start()
            try { Start-FlowListener $flow "http://127.0.0.1:$($taken.LocalEndpoint.Port)/" -Channel memory:x -Anonymous } catch { $_.FullyQualifiedErrorId }
            Show | Where-Object { $_ -like '*Kestrel.Core*' }
            """,
            Repository.Manifest);

        Assert.Equal(
            [
                "ran", "channel", "PrefectPS.Http in PrefectPS.Http", "FlowChannelFailed,PrefectPS.Commands.StartFlowListenerCommand",
                "Microsoft.AspNetCore.Server.Kestrel.Core in PrefectPS.Http",
            ],
            lines);
    }

    [Theory]
    [MemberData(nameof(Rivals))]
    public async Task A_rival_that_was_there_before_disturbs_neither(string assembly, bool inOwnContext)
    {
        using var rival = RivalModule.With(assembly, inOwnContext);

        var lines = await SessionProcess.RunAsync($"Import-Module $args[1], $args[0]\n{Report}", Repository.Manifest, rival.Manifest);

        AssertBothWork(lines, rival, inOwnContext);
    }

    [Theory]
    [MemberData(nameof(Rivals))]
    public async Task A_rival_that_comes_later_disturbs_neither(string assembly, bool inOwnContext)
    {
        using var rival = RivalModule.With(assembly, inOwnContext);

        var lines = await SessionProcess.RunAsync(
            $"Import-Module $args[0]\n$null = & {{ {RunFlow} }}\nImport-Module $args[1]\n{Report}", Repository.Manifest, rival.Manifest);

        AssertBothWork(lines, rival, inOwnContext);
    }

    private static void AssertBothWork(string[] lines, RivalModule rival, bool inOwnContext)
    {
        var version = Version.Parse(lines[0]);
        if (inOwnContext)
            Assert.Equal(rival.Version, version);
        else
            Assert.True(version >= rival.Version, $"The session has {version}, older than the {rival.Version} that was brought.");
        Assert.Equal(["answer", "42", "answer"], lines.Skip(1));
    }

    private static Assembly ModuleAssembly(ModuleSession session) =>
        ((CmdletInfo)session.Run("Get-Command New-Flow").Single()!).ImplementingType.Assembly;
}
