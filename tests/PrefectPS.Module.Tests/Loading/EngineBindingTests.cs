using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Loading;

/// <summary>An assembly of the session that refers to PrefectPS.Engine is bound to the module's own.</summary>
public sealed class EngineBindingTests
{
    private const string LoadUser = "$user = [Reflection.Assembly]::LoadFrom($args[1])";

    // As the module's loader does in Windows PowerShell.
    private const string ImportLegacy = """
        $root = Split-Path $args[0]
        $loader = [Reflection.Assembly]::LoadFrom("$root/bin/PrefectPS.Loader/PrefectPS.Loader.dll")
        $loader.GetType('PrefectPS.Loader.FolderResolver').GetMethod('Register').Invoke($null, @("$root/bin/netstandard2.0"))
        Import-Module -Assembly ([Reflection.Assembly]::LoadFrom("$root/bin/netstandard2.0/PrefectPS.dll"))
        """;

    private const string Import = "Import-Module $args[0]";

    [Theory]
    [InlineData($"{LoadUser}\n{Import}")]
    [InlineData($"{Import}\n{LoadUser}")]
    [InlineData($"{LoadUser}\n{ImportLegacy}")]
    [InlineData($"{ImportLegacy}\n{LoadUser}")]
    public async Task It_does_not_matter_which_comes_first(string script)
    {
        using var user = new EngineUser();

        Assert.Equal(["True"], await SessionProcess.RunAsync($"{script}\n{EngineUser.ShowBinding}", Repository.Manifest, user.Assembly));
    }

    [Fact]
    public async Task The_binding_holds_for_a_module_imported_again_removed_or_in_two_runspaces()
    {
        using var user = new EngineUser();

        var lines = await SessionProcess.RunAsync(
            $$"""
            {{Import}}
            Import-Module $args[0] -Force
            $other = [powershell]::Create()
            $type = $other.AddScript('Import-Module $args[0]; (New-FlowStore memory:x).GetType()').AddArgument($args[0]).Invoke()[0]
            Remove-Module PrefectPS
            {{LoadUser}}
            [object]::ReferenceEquals($user.GetType('User')::Engine(), $type)
            {{Import}}
            {{EngineUser.ShowBinding}}
            """,
            Repository.Manifest, user.Assembly);

        Assert.Equal(["True", "True"], lines);
    }

    [Fact]
    public async Task A_load_context_of_a_provider_gets_the_engine_from_the_sessions_own()
    {
        var lines = await SessionProcess.RunAsync(
            """
            Import-Module $args[0]
            $engine = [System.Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyName('PrefectPS.Engine')
            [object]::ReferenceEquals($engine, (New-FlowStore memory:x).GetType().Assembly)
            """,
            Repository.Manifest);

        Assert.Equal(["True"], lines);
    }

    [Theory]
    [InlineData(Import, 1, 0)]
    [InlineData(Import, 0, 1)]
    [InlineData(ImportLegacy, 1, 0)]
    public async Task An_assembly_built_for_a_later_engine_is_told_which_there_is(string import, int major, int minor)
    {
        var wanted = new Version(EngineUser.Engine.Major + major, EngineUser.Engine.Minor + minor, 0, 0);
        using var user = new EngineUser(wanted);

        var lines = await SessionProcess.RunAsync(
            $"{import}\n{LoadUser}\ntry {{ $user.GetType('User')::Engine() }} catch {{ $_.Exception.GetBaseException().Message }}", Repository.Manifest, user.Assembly);

        Assert.StartsWith($"A module of this session needs PrefectPS.Engine {wanted}, and its PrefectPS has {EngineUser.Engine} ('", Assert.Single(lines), StringComparison.Ordinal);
        Assert.EndsWith("PrefectPS.Engine.dll'). Update PrefectPS, and start a new session.", lines[0], StringComparison.Ordinal);
    }
}
