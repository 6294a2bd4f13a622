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
    public async Task Lines_of_standard_input_are_the_input_of_a_script()
    {
        using var folder = new TemporaryFolder();

        var result = await HostProcess.RunAsync([folder.Write("script.ps1", "$input | ForEach-Object { \"<$_>\" }")], "one\ntwo\n");

        Assert.Equal(["<one>", "<two>"], result.Lines);
    }

    [Fact]
    public async Task A_script_that_takes_no_input_does_not_wait_for_it()
    {
        await using var host = HostProcess.Start(["-Command", "'done'"]);

        var result = await host.WaitAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["done"], result.Lines);
    }
}
