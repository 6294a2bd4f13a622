using System.Text;

namespace PrefectPS.Integration.Tests.Host;

public sealed class OutputTests
{
    [Fact]
    public async Task Output_is_UTF_8_without_a_byte_order_mark()
    {
        using var folder = new TemporaryFolder();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses sh");

        await using var shell = HostProcess.StartProgram(
            "sh", ["-c", "dotnet \"$0\" -NoProfile -c \"'zażółć 😀'\" > \"$1\"", HostProcess.HostPath, folder["out"]], [("LC_ALL", "C")]);
        await shell.EndAsync();

        var written = await File.ReadAllBytesAsync(folder["out"], TestContext.Current.CancellationToken);
        Assert.Equal(Encoding.UTF8.GetBytes("zażółć 😀\n"), written);
    }

    [Fact]
    public async Task A_script_whose_reader_goes_away_runs_to_its_end()
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write("script.ps1", "1..10000; Set-Content -Path $PSScriptRoot/end -Value 'reached'");
        await using var host = HostProcess.Start([script]);

        Assert.Equal("1", await host.ReadLineAsync());
        host.CloseOutput();
        var result = await host.WaitAsync();

        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        Assert.Equal("reached", (await File.ReadAllTextAsync(folder["end"], TestContext.Current.CancellationToken)).TrimEnd());
    }

    [Fact]
    public async Task A_flow_shows_no_progress_where_the_output_is_redirected()
    {
        var result = await HostProcess.RunCommandAsync("$run = New-Flow counting { task one { 1 }; task two { 2 } } | Invoke-Flow; \"$($run.State)\"");

        Assert.Equal((0, "Success\n", string.Empty), (result.ExitCode, result.Output, result.Error));
    }
}
