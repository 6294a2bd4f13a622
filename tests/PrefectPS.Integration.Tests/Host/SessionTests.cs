namespace PrefectPS.Integration.Tests.Host;

public sealed class SessionTests
{
    [Fact]
    public async Task A_module_on_the_module_path_is_loaded_when_its_command_is_called()
    {
        using var folder = new TemporaryFolder();
        folder.Write("Greeter/Greeter.psm1", "function Get-Greeting { 'hello' }");
        folder.Write("Greeter/Greeter.psd1", "@{ ModuleVersion = '1.0'; RootModule = 'Greeter.psm1'; FunctionsToExport = 'Get-Greeting' }");

        var result = await HostProcess.RunCommandAsync("Get-Greeting; (Get-Module Greeter).Name", environment: [("PSModulePath", folder.Path)]);

        Assert.Equal(["hello", "Greeter"], result.Lines);
    }

    [Fact]
    public async Task The_modules_beside_the_host_come_first()
    {
        var result = await HostProcess.RunCommandAsync(
            "$env:PSModulePath.Split([IO.Path]::PathSeparator)[0]", environment: [("PSModulePath", "/elsewhere")]);

        Assert.Equal([Path.Combine(Path.GetDirectoryName(HostProcess.HostPath)!, "Modules")], result.Lines);
    }

    [Fact]
    public async Task A_module_beside_the_host_is_loaded_when_its_command_is_called()
    {
        using var folder = new TemporaryFolder();
        Copy(Path.GetDirectoryName(HostProcess.HostPath)!, folder["host"]);
        folder.Write("host/Modules/Beside/Beside.psm1", "function Get-Beside { $PSScriptRoot }");
        folder.Write("host/Modules/Beside/Beside.psd1", "@{ ModuleVersion = '1.0'; RootModule = 'Beside.psm1'; FunctionsToExport = 'Get-Beside' }");

        await using var host = HostProcess.StartProgram("dotnet", [folder["host/prefectps.dll"], "-c", "Get-Beside"]);

        Assert.Equal([folder["host/Modules/Beside"]], (await host.EndAsync()).Lines);
    }

    [Fact]
    public async Task Another_runspace_can_be_made_from_the_sessions_initial_state()
    {
        var result = await HostProcess.RunCommandAsync(
            """
            $state = [runspace]::DefaultRunspace.InitialSessionState.Clone()
            $pool = [runspacefactory]::CreateRunspacePool($state)
            $pool.Open()
            $shell = [powershell]::Create()
            $shell.RunspacePool = $pool
            $shell.AddScript("Write-Output (Get-Date -Date '2024-02-03' -Format FileDate); '{}' | ConvertFrom-Json | ConvertTo-Json").Invoke()
            """);

        Assert.Equal(["20240203", "{}"], result.Lines);
    }

    [Fact]
    public async Task Work_of_other_runspaces_is_shown_by_the_same_host()
    {
        var result = await HostProcess.RunCommandAsync(
            """
            $pool = [runspacefactory]::CreateRunspacePool(1, 2, [runspace]::DefaultRunspace.InitialSessionState, $Host)
            $pool.Open()
            $shell = [powershell]::Create()
            $shell.RunspacePool = $pool
            $null = $shell.AddScript("Write-Host 'from the pool'").Invoke()
            """);

        Assert.Equal(["from the pool"], result.Lines);
    }

    [Fact]
    public async Task The_everyday_commands_are_there_and_nothing_of_the_hosts_own()
    {
        var result = await HostProcess.RunCommandAsync(
            "Get-Command -CommandType Cmdlet | Where-Object { -not $_.Source } | ForEach-Object Name");

        Assert.Equal(
            [
                "ConvertFrom-Json", "ConvertTo-Json", "Get-Content", "Get-Date", "Set-Content", "Start-Sleep", "Write-Error", "Write-Host",
                "Write-Information", "Write-Output", "Write-Progress", "Write-Verbose", "Write-Warning",
            ],
            result.Lines);
    }

    [Theory]
    [InlineData("echo", "Write-Output")]
    [InlineData("gc", "Get-Content")]
    public async Task The_usual_aliases_work(string alias, string command)
    {
        var result = await HostProcess.RunCommandAsync($"(Get-Command {alias}).ResolvedCommand.Name");

        Assert.Equal([command], result.Lines);
    }

    [Fact]
    public async Task A_script_sees_which_host_it_runs_in()
    {
        var result = await HostProcess.RunCommandAsync("$Host.Name; $Host.Version.Major; $PSVersionTable.PSVersion.Major; $ExecutionContext.SessionState.LanguageMode");

        Assert.Equal(["prefectps", "0", "7", "FullLanguage"], result.Lines);
    }

    private static void Copy(string source, string target)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
