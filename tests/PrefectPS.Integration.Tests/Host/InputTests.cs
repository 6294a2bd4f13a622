namespace PrefectPS.Integration.Tests.Host;

public sealed class InputTests
{
    [Fact]
    public async Task Lines_of_standard_input_are_the_input_of_a_command()
    {
        var result = await HostProcess.RunCommandAsync("$input | ForEach-Object { \"<$_>\" }", "eins\nzwölf\n\nlast");

        Assert.Equal(["<eins>", "<zwölf>", "<>", "<last>"], result.Lines);
    }

    [Fact]
    public async Task Lines_of_standard_input_reach_the_process_block_of_a_script_as_they_come()
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write("script.ps1", "process { \"<$_>\" } end { 'end' }");
        await using var host = HostProcess.Start([script]);

        await host.WriteAsync("one\n");
        Assert.Equal("<one>", await host.ReadLineAsync());
        await host.WriteAsync("two\n");
        Assert.Equal("<two>", await host.ReadLineAsync());

        Assert.Equal(["end"], (await host.EndAsync()).Lines);
    }

    [Fact]
    public async Task Lines_of_standard_input_bind_to_a_parameter_that_takes_the_pipeline()
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write("script.ps1", "param([Parameter(ValueFromPipeline)] [int] $Number) process { $Number * 2 }");

        var result = await HostProcess.RunAsync([script], "1\n21\n");

        Assert.Equal(["2", "42"], result.Lines);
    }

    [Fact]
    public async Task A_script_that_takes_no_input_does_not_wait_for_it()
    {
        await using var host = HostProcess.Start(["-Command", "'done'"]);

        var result = await host.WaitAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["done"], result.Lines);
    }

    [Fact]
    public async Task A_native_program_reads_standard_input_that_the_script_leaves_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses cat");

        var result = await HostProcess.RunCommandAsync("/bin/cat", "straight through\n");

        Assert.Equal(["straight through"], result.Lines);
    }

    [Theory]
    [InlineData("-", "a", "b")]
    [InlineData("-File", "-", "a", "b")]
    [InlineData("-NoProfile", "-Command", "-", "a", "b")]
    public async Task A_dash_runs_standard_input_as_a_script(params string[] arguments)
    {
        var result = await HostProcess.RunAsync(arguments, "if ($true)\n{\n  \"got $args\"\n}\nexit 9\n");

        Assert.Equal(9, result.ExitCode);
        Assert.Equal(["got a b"], result.Lines);
    }

    [Fact]
    public async Task Standard_input_without_a_script_is_the_script()
    {
        var result = await HostProcess.RunAsync([], "'from ' + `\n  'input'");

        Assert.Equal(["from input"], result.Lines);
    }
}
