namespace PrefectPS.Integration.Tests.Host;

public sealed class ExitStatusTests
{
    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("exit", 0)]
    [InlineData("function Leave { exit 4 }; Leave; 'not reached'", 4)]
    [InlineData("try { exit 5 } finally { 'cleaned up' }", 5)]
    [InlineData("'the end'", 0)]
    [InlineData("throw 'it broke'", 1)]
    [InlineData("$ErrorActionPreference = 'Stop'; Write-Error 'it broke'; 'not reached'", 1)]
    [InlineData("if (1) {", 1)]
    public async Task A_script_and_a_command_give_the_same_status(string script, int status)
    {
        Assert.Equal(status, (await HostProcess.RunScriptAsync(script)).ExitCode);
        Assert.Equal(status, (await HostProcess.RunCommandAsync(script)).ExitCode);
    }

    [Theory]
    [InlineData("Write-Error 'it broke'")]
    [InlineData("dotnet no-such-command *> $null")]
    public async Task A_last_command_that_failed_counts_in_a_command_and_not_in_a_script(string text)
    {
        Assert.Equal(0, (await HostProcess.RunScriptAsync(text)).ExitCode);
        Assert.Equal(1, (await HostProcess.RunCommandAsync(text)).ExitCode);
    }

    [Fact]
    public async Task A_terminating_error_shows_its_position()
    {
        var result = await HostProcess.RunScriptAsync("'before'\nthrow 'it broke'\n'after'");

        Assert.Equal(["before"], result.Lines);
        Assert.Contains("script.ps1:2", result.Error, StringComparison.Ordinal);
        Assert.Contains("it broke", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_called_by_the_script_leaves_only_its_own_exit_status_behind()
    {
        using var folder = new TemporaryFolder();
        folder.Write("inner.ps1", "exit 7");
        var outer = folder.Write("outer.ps1", "& $PSScriptRoot/inner.ps1; \"inner $LASTEXITCODE\"");

        var result = await HostProcess.RunAsync([outer]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["inner 7"], result.Lines);
    }

    [Fact]
    public async Task A_missing_script_ends_with_status_64()
    {
        var result = await HostProcess.RunAsync(["no-such-script.ps1"]);

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("'no-such-script.ps1' is not recognized as the name of a script file", result.Error, StringComparison.Ordinal);
    }
}
