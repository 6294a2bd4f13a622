namespace PrefectPS.Integration.Tests.Host;

public sealed class ExitStatusTests
{
    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("exit", 0)]
    [InlineData("function Leave { exit 4 }; Leave; 'not reached'", 4)]
    [InlineData("try { exit 5 } finally { 'cleaned up' }", 5)]
    [InlineData("$Host.SetShouldExit(6)", 6)]
    [InlineData("'the end'", 0)]
    public async Task The_status_is_the_one_the_script_exits_with(string script, int status)
    {
        Assert.Equal(status, (await HostProcess.RunScriptAsync(script)).ExitCode);
        Assert.Equal(status, (await HostProcess.RunCommandAsync(script)).ExitCode);
    }

    [Fact]
    public async Task A_terminating_error_ends_with_status_1_and_says_where()
    {
        var result = await HostProcess.RunScriptAsync("'before'\nthrow 'it broke'\n'after'");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["before"], result.Lines);
        Assert.Contains("script.ps1:2", result.Error, StringComparison.Ordinal);
        Assert.Contains("it broke", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminating_error_is_called_by_its_type()
    {
        var result = await HostProcess.RunCommandAsync("$ErrorActionPreference = 'Stop'; [int]::Parse('x')");

        Assert.StartsWith("MethodInvocationException: Exception calling \"Parse\"", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("if (1) {")]
    [InlineData("'a'.Substring(")]
    [InlineData("function {")]
    public async Task Text_that_cannot_be_parsed_ends_with_status_1_and_shows_the_place(string script)
    {
        var result = await HostProcess.RunCommandAsync(script);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("ParserError", result.Error, StringComparison.Ordinal);
        Assert.Contains(script, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_the_script_goes_on_after_leaves_status_0()
    {
        var result = await HostProcess.RunScriptAsync("Write-Error 'no harm'; 'after'");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["after"], result.Lines);
        Assert.Contains("no harm", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_of_a_native_program_is_not_the_scripts()
    {
        var result = await HostProcess.RunScriptAsync("dotnet no-such-command *> $null; Write-Error 'failed'; $LASTEXITCODE -ne 0");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["True"], result.Lines);
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

    [Theory]
    [InlineData("no-such-script.ps1", "there is no script 'no-such-script.ps1'")]
    [InlineData(".", "is a folder")]
    public async Task A_script_that_is_not_there_ends_with_status_64(string path, string message)
    {
        var result = await HostProcess.RunAsync([path]);

        Assert.Equal(64, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_script_ends_with_status_64()
    {
        using var folder = new TemporaryFolder();

        var result = await HostProcess.RunAsync([folder.Write("notes.txt", "'hello'")]);

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("is not a .ps1 file", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-NoSuchOption")]
    [InlineData("-Command")]
    [InlineData("-File")]
    [InlineData("-ExecutionPolicy", "Sometimes")]
    public async Task A_wrong_command_line_ends_with_status_64(params string[] arguments)
    {
        var result = await HostProcess.RunAsync(arguments);

        Assert.Equal(64, result.ExitCode);
        Assert.StartsWith("prefectps: ", result.Error, StringComparison.Ordinal);
    }
}
