namespace PrefectPS.Integration.Tests.Host;

public sealed class StreamTests
{
    [Fact]
    public async Task Every_stream_is_shown_as_pwsh_shows_it()
    {
        var result = await HostProcess.RunScriptAsync(
            """
            [CmdletBinding()] param()
            Write-Output 'output'
            Write-Warning 'careful'
            Write-Verbose 'detail' -Verbose
            $DebugPreference = 'Continue'
            $PSCmdlet.WriteDebug('inside')
            Write-Information 'note' -InformationAction Continue
            Write-Host 'host'
            Write-Error 'wrong'
            """);

        Assert.Equal(["output", "WARNING: careful", "VERBOSE: detail", "DEBUG: inside", "note", "host"], result.Lines);
        Assert.Contains("wrong", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_streams_stay_quiet()
    {
        var result = await HostProcess.RunCommandAsync(
            "Write-Verbose v; Write-Information i; Write-Progress a s -PercentComplete 10; Write-Progress -Completed; 'only'");

        Assert.Equal("only\n", result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task An_error_names_the_line_it_comes_from()
    {
        var result = await HostProcess.RunScriptAsync("'first'\n\n  Get-Nothing -At 'all'");

        Assert.Contains("script.ps1:3", result.Error, StringComparison.Ordinal);
        Assert.Contains("Get-Nothing -At 'all'", result.Error, StringComparison.Ordinal);
        Assert.Contains("~~~~~~~~~~~", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_and_output_keep_their_order_within_each_stream()
    {
        var result = await HostProcess.RunCommandAsync("1; Write-Error a; 2; Write-Error b; 3");

        Assert.Equal(["1", "2", "3"], result.Lines);
        Assert.Equal("Write-Error: a\nWrite-Error: b\n", result.Error);
    }

    [Fact]
    public async Task Streams_can_be_redirected_within_the_script()
    {
        var result = await HostProcess.RunCommandAsync(
            "$all = & { 'o'; Write-Warning w; Write-Host h; Write-Error e } *>&1; $all.Count; $all[2].MessageData.Message");

        Assert.Equal(["4", "h"], result.Lines);
        Assert.Empty(result.Error);
    }
}
