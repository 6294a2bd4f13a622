namespace PrefectPS.Integration.Tests.Host;

public sealed class ColorTests
{
    private const string Colorful =
        "Write-Host red -ForegroundColor Red -BackgroundColor Blue; \"$($PSStyle.Bold)bold$($PSStyle.Reset)\"; Write-Error bad";

    [Fact]
    public async Task Redirected_output_is_plain()
    {
        var result = await HostProcess.RunCommandAsync(Colorful);

        Assert.Equal("red\nbold\n", result.Output);
        Assert.Equal("Write-Error: bad\n", result.Error);
    }

    [Fact]
    public async Task FORCE_COLOR_keeps_colors_in_redirected_output()
    {
        var result = await HostProcess.RunCommandAsync(Colorful, environment: [("FORCE_COLOR", "1")]);

        Assert.Equal(["\e[91m\e[104mred\e[0m", "\e[1mbold\e[0m"], result.Lines);
        Assert.Contains("\e[31;1m", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NO_COLOR_wins_over_FORCE_COLOR()
    {
        var result = await HostProcess.RunCommandAsync(Colorful, environment: [("FORCE_COLOR", "1"), ("NO_COLOR", "1")]);

        Assert.Equal("red\nbold\n", result.Output);
        Assert.Equal("Write-Error: bad\n", result.Error);
    }

    [Fact]
    public async Task A_script_that_asks_for_escape_sequences_gets_them()
    {
        var result = await HostProcess.RunCommandAsync("$PSStyle.OutputRendering = 'Ansi'; \"$($PSStyle.Bold)bold$($PSStyle.Reset)\"");

        Assert.Equal("\e[1mbold\e[0m\n", result.Output);
    }

    [Fact]
    public async Task A_terminal_shows_colors()
    {
        var result = await Terminal.RunAsync(Colorful);

        Assert.Contains("\e[91m\e[104mred\e[0m", result.Output, StringComparison.Ordinal);
        Assert.Contains("\e[1mbold\e[0m", result.Output, StringComparison.Ordinal);
        Assert.Contains("\e[31;1m", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NO_COLOR", "1")]
    [InlineData("TERM", "dumb")]
    public async Task A_terminal_without_colors_is_respected(string variable, string value)
    {
        var result = await Terminal.RunAsync($"{Colorful}; Write-Progress -Activity working", [(variable, value)]);

        Assert.DoesNotContain("\e[9", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("working", result.Output, StringComparison.Ordinal);
        Assert.Contains("bold", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_foreground_color_leaves_the_background_alone()
    {
        var result = await HostProcess.RunCommandAsync("Write-Host x -ForegroundColor Green", environment: [("FORCE_COLOR", "1")]);

        Assert.Equal("\e[92mx\e[0m\n", result.Output);
    }

    [Fact]
    public async Task Progress_is_one_line_that_goes_away()
    {
        var result = await Terminal.RunAsync(
            "Write-Progress Counting going -PercentComplete 40; 'between'; Write-Progress Counting -Completed; 'after'");

        Assert.Contains("Counting: going 40%", result.Output, StringComparison.Ordinal);
        Assert.Contains("\r\e[Kbetween", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("after\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flow_shows_how_far_it_is_on_a_terminal_and_nowhere_else()
    {
        const string Run = "Import-Module PrefectPS; $run = New-Flow counting { task one { 1 }; task two { 2 } } | Invoke-Flow; \"$($run.State)\"";
        var terminal = await Terminal.RunAsync(Run);
        var redirected = await HostProcess.RunCommandAsync(Run);

        Assert.Contains("counting: 0 of 2 tasks done; running: one 0%", terminal.Output, StringComparison.Ordinal);
        Assert.EndsWith("\r\e[KSuccess\n", terminal.Output, StringComparison.Ordinal);
        Assert.Equal("Success\n", redirected.Output);
    }

    [Fact]
    public async Task A_progress_line_is_cut_to_the_width_of_the_terminal()
    {
        var result = await Terminal.RunAsync("Write-Progress -Activity ('a' * 200); $Host.UI.RawUI.WindowSize.Width");

        Assert.Contains(new string('a', 79), result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('a', 80), result.Output, StringComparison.Ordinal);
        Assert.Contains("80", result.Output, StringComparison.Ordinal);
    }
}
