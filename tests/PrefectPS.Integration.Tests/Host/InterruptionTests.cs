namespace PrefectPS.Integration.Tests.Host;

public sealed class InterruptionTests
{
    private const string Waiting = "try { 'started'; Start-Sleep -Seconds 600 } finally { Write-Host 'cleaned up' }; 'not reached'";

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task A_signal_stops_the_script_and_its_finally_blocks_run(string signal, int status)
    {
        SkipOnWindows();
        await using var host = HostProcess.Start(["-Command", Waiting]);

        Assert.Equal("started", await host.ReadLineAsync());
        host.Signal(signal);
        var result = await host.WaitAsync();

        Assert.Equal(status, result.ExitCode);
        Assert.Equal(["cleaned up"], result.Lines);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task A_script_file_that_computes_is_stopped_too()
    {
        SkipOnWindows();
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start([folder.Write("script.ps1", "'started'; while ($true) { $x++ }")]);

        Assert.Equal("started", await host.ReadLineAsync());
        host.Signal("INT");

        Assert.Equal(130, (await host.WaitAsync()).ExitCode);
    }

    [Fact]
    public async Task A_native_program_that_runs_is_stopped_too()
    {
        SkipOnWindows();
        await using var host = HostProcess.Start(
            ["-Command", "try { /bin/sh -c 'echo started; exec sleep 600' } finally { Write-Host 'cleaned up' }"]);

        Assert.Equal("started", await host.ReadLineAsync());
        host.Signal("TERM");
        var result = await host.WaitAsync();

        Assert.Equal(143, result.ExitCode);
        Assert.Equal(["cleaned up"], result.Lines);
    }

    [Fact]
    public async Task A_script_that_waits_for_input_is_stopped_too()
    {
        SkipOnWindows();
        await using var host = HostProcess.Start(["-Command", "Write-Host 'started'; $input | ForEach-Object { $_ }"]);

        await host.WriteAsync("line\n");
        host.Signal("TERM");

        Assert.Equal(143, (await host.WaitAsync()).ExitCode);
    }

    [Fact]
    public async Task A_script_that_is_still_to_come_is_not_waited_for()
    {
        SkipOnWindows();
        await using var host = HostProcess.Start(["-"]);

        host.Signal("TERM");

        Assert.Equal(143, (await host.WaitAsync()).ExitCode);
    }

    [Fact]
    public async Task A_second_signal_ends_a_cleanup_that_hangs()
    {
        SkipOnWindows();
        await using var host = HostProcess.Start(
            ["-Command", "try { 'started'; Start-Sleep 600 } finally { Write-Host 'hangs'; [System.Threading.Thread]::Sleep(-1) }"]);

        Assert.Equal("started", await host.ReadLineAsync());
        host.Signal("INT");
        Assert.Equal("hangs", await host.ReadLineAsync());
        host.Signal("INT");

        Assert.Equal(130, (await host.WaitAsync()).ExitCode);
    }

    [Fact]
    public async Task A_prompt_is_left_at_once()
    {
        Terminal.Require();
        await using var host = Terminal.Start("$Host.UI.Write('Answer: '); $Host.UI.ReadLine(); 'not reached'");

        await host.ReadUntilAsync("Answer: ");
        await host.WriteAsync("\u0003");
        var result = await host.WaitAsync();

        Assert.Equal(130, result.ExitCode);
        Assert.DoesNotContain("not reached", result.Output, StringComparison.Ordinal);
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "sends Unix signals");
}
