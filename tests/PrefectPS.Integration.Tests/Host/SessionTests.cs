namespace PrefectPS.Integration.Tests.Host;

public sealed class SessionTests
{
    [Fact]
    public async Task A_module_on_the_module_path_is_loaded_when_its_command_is_called()
    {
        using var folder = new TemporaryFolder();
        WriteGreeter(folder, "Greeter");

        var result = await HostProcess.RunCommandAsync("Get-Greeting", environment: [("PSModulePath", folder.Path)]);

        Assert.Equal([$"hello from {folder["Greeter"]}"], result.Lines);
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
        WriteGreeter(folder, "host/Modules/Greeter");

        await using var host = HostProcess.StartProgram("dotnet", [folder["host/PrefectPS.Host.dll"], "-c", "Get-Greeting"]);

        Assert.Equal([$"hello from {folder["host/Modules/Greeter"]}"], (await host.EndAsync()).Lines);
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
            $shell.AddScript({ Get-Date -Date 2024-02-03 -Format FileDate; '{}' | ConvertFrom-Json | ConvertTo-Json }).Invoke()
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
        var result = await HostProcess.RunCommandAsync(
            "$Host.Name; $PSVersionTable.PSVersion.Major; $ExecutionContext.SessionState.LanguageMode");

        Assert.Equal(["prefectps", "7", "FullLanguage"], result.Lines);
    }

    [Fact]
    public async Task A_runspace_that_the_script_leaves_open_does_not_keep_the_process_alive()
    {
        var result = await HostProcess.RunCommandAsync(
            "$r = [runspacefactory]::CreateRunspace(); $r.Open(); $null = $r.CreatePipeline('1').Invoke(); exit 3");

        Assert.Equal(3, result.ExitCode);
    }

    [Theory]
    [InlineData(null, "1")]
    [InlineData("0", "0")]
    public async Task The_engine_reports_to_its_maker_only_when_the_user_says_so(string? setting, string expected)
    {
        const string Variable = "POWERSHELL_TELEMETRY_OPTOUT";

        var result = await HostProcess.RunCommandAsync($"$env:{Variable}", environment: setting is null ? [] : [(Variable, setting)]);

        Assert.Equal([expected], result.Lines);
    }

    private static void WriteGreeter(TemporaryFolder folder, string name)
    {
        folder.Write($"{name}/Greeter.psm1", "function Get-Greeting { \"hello from $PSScriptRoot\" }");
        folder.Write($"{name}/Greeter.psd1", "@{ ModuleVersion = '1.0'; RootModule = 'Greeter.psm1'; FunctionsToExport = 'Get-Greeting' }");
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
