namespace PrefectPS.Integration.Tests.Host;

public sealed class InterruptionTests
{
    private const string Waiting = "try { 'started'; Start-Sleep -Seconds 600 } finally { Write-Host 'cleaned up' }; 'not reached'";

    [Fact]
    public async Task Interrupt_stops_the_script_and_its_finally_blocks_run()
    {
        SkipOnWindows();
        await using var host = HostProcess.Start(["-Command", Waiting]);

        Assert.Equal("started", await host.ReadLineAsync());
        host.Signal("INT");
        var result = await host.WaitAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["cleaned up"], result.Lines);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task Termination_ends_the_process_at_once(string signal, int status)
    {
        SkipOnWindows();
        await using var host = HostProcess.Start(["-Command", Waiting]);

        Assert.Equal("started", await host.ReadLineAsync());
        host.Signal(signal);
        var result = await host.WaitAsync();

        Assert.Equal(status, result.ExitCode);
        Assert.Empty(result.Lines);
        Assert.Empty(result.Error);
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "sends Unix signals");
}
