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

        await using var host = HostProcess.StartProgram("dotnet", [folder["host/PrefectPS.Host.dll"], "-NoProfile", "-c", "Get-Greeting"], [("NO_COLOR", "1")]);

        Assert.Equal([$"hello from {folder["host/Modules/Greeter"]}"], (await host.EndAsync()).Lines);
    }

    [Fact]
    public async Task The_module_that_came_with_the_host_wins_over_one_on_the_users_path()
    {
        using var folder = new TemporaryFolder();
        folder.Write("PrefectPS/PrefectPS.psd1", "@{ ModuleVersion = '99.0' }");

        var result = await HostProcess.RunCommandAsync("Import-Module PrefectPS; (Get-Module PrefectPS).ModuleBase", environment: [("PSModulePath", folder.Path)]);

        Assert.Equal([Path.Combine(Path.GetDirectoryName(HostProcess.HostPath)!, "Modules", "PrefectPS")], result.Lines);
    }

    [Fact]
    public async Task All_commands_of_PowerShell_are_there()
    {
        var result = await HostProcess.RunCommandAsync(
            """
            $ErrorActionPreference = 'Stop'
            Set-Location ([IO.Path]::GetTempPath())
            '{"n":1}' | Test-Json -Schema '{"type":"object"}'
            Add-Type 'public static class Answer { public static int Value => 42; }'; [Answer]::Value
            3, 1, 2 | Sort-Object | Join-String -Separator ' '
            [pscustomobject] @{ Name = 'n' } | Format-Table -HideTableHeaders | Out-String | ForEach-Object Trim
            (Get-Date -Date 2026-02-03 -Format 'yyyy/MM/dd'), (Get-FileHash -InputStream ([IO.MemoryStream]::new()) -Algorithm MD5).Hash
            """);

        Assert.Equal(["True", "42", "1 2 3", "n", "2026/02/03", "D41D8CD98F00B204E9800998ECF8427E"], result.Lines);
        Assert.Equal(string.Empty, result.Error);
    }

    [Fact]
    public async Task The_culture_is_the_users()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows takes the culture from the user's account");
        Assert.SkipWhen(Environment.GetEnvironmentVariable("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT") is not null, "needs cultures");

        var result = await HostProcess.RunCommandAsync("(Get-Culture).Name; '{0:n1}' -f 0.5", environment: [("LC_ALL", "de_DE.UTF-8")]);

        Assert.Equal(["de-DE", "0,5"], result.Lines);
    }

    [Theory]
    [InlineData(null, "1")]
    [InlineData("0", "0")]
    public async Task PowerShell_telemetry_is_off_unless_the_user_enables_it(string? setting, string expected)
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
