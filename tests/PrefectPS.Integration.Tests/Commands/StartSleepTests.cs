namespace PrefectPS.Integration.Tests.Commands;

public sealed class StartSleepTests(CommandSession session) : IClassFixture<CommandSession>
{
    [Theory]
    [InlineData("Start-Sleep 0.2", 200)]
    [InlineData("Start-Sleep -Seconds 0.1; 0.1 | Start-Sleep", 200)]
    [InlineData("Start-Sleep -Milliseconds 150", 150)]
    [InlineData("Start-Sleep -ms 150", 150)]
    [InlineData("Start-Sleep -Duration 00:00:00.150", 150)]
    [InlineData("Start-Sleep ([timespan]::FromMilliseconds(150))", 150)]
    [InlineData("Start-Sleep 0", 0)]
    public async Task The_wait_is_as_long_as_asked_for(string command, int milliseconds)
    {
        // A timer may be a tick early; a busy machine makes it late.
        var lines = await session.RunAsync(
            $"$watch = [Diagnostics.Stopwatch]::StartNew(); {command}; $watch.Elapsed.TotalMilliseconds -ge {milliseconds} * 0.8");

        Assert.Equal(["True"], lines);
    }

    [Theory]
    [InlineData("Start-Sleep -1")]
    [InlineData("Start-Sleep -Milliseconds -5")]
    [InlineData("Start-Sleep -Duration -00:00:05")]
    public async Task A_negative_wait_is_an_error(string command)
    {
        var lines = await session.RunAsync($"$ErrorActionPreference = 'Stop'; {command}; 'after'");

        Assert.StartsWith("ERROR: ", Assert.Single(lines), StringComparison.Ordinal);
    }
}
