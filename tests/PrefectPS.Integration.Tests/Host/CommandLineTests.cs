namespace PrefectPS.Integration.Tests.Host;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Named_positional_and_switch_arguments_reach_the_script()
    {
        var result = await HostProcess.RunScriptAsync(
            "param([string] $Name, [int] $Count, [switch] $Loud) \"$Name/$Count/$Loud/$($args -join ',')\"",
            "-Name", "x", "-Count", "3", "-Loud", "pos", "-5");

        Assert.Equal(["x/3/True/pos,-5"], result.Lines);
    }

    [Theory]
    [InlineData("-Name:x", "x/False")]
    [InlineData("-Loud:$false", "/False")]
    [InlineData("-Loud:$true", "/True")]
    public async Task An_argument_can_hold_name_and_value(string argument, string expected)
    {
        var result = await HostProcess.RunScriptAsync("param([string] $Name, [switch] $Loud) \"$Name/$Loud\"", argument);

        Assert.Equal([expected], result.Lines);
    }

    [Fact]
    public async Task Arguments_keep_their_spaces_quotes_and_letters()
    {
        string[] arguments = ["a b", "it's", "\"q\"", "$x;1", "żółć😀", ""];

        var result = await HostProcess.RunScriptAsync("$args | ForEach-Object { \"<$_>\" }", arguments);

        Assert.Equal(string.Concat(arguments.Select(argument => $"<{argument}>\n")), result.Output);
    }

    [Fact]
    public async Task An_unknown_parameter_of_an_advanced_script_is_an_error()
    {
        var result = await HostProcess.RunScriptAsync("[CmdletBinding()] param([int] $Count) $Count", "-Size", "3");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("'Size'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_script_knows_its_place()
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write(
            "a [1] & b/script.ps1", "$PSScriptRoot; $PSCommandPath; $MyInvocation.MyCommand.Path; $MyInvocation.InvocationName");

        var result = await HostProcess.RunAsync(["-File", script]);

        Assert.Equal([Path.GetDirectoryName(script)!, script, script, script], result.Lines);
    }

    [Fact]
    public async Task Words_after_a_command_are_part_of_it()
    {
        var result = await HostProcess.RunAsync(["-c", "1", "+", "2"]);

        Assert.Equal(["3"], result.Lines);
    }

    [Fact]
    public async Task Words_after_a_command_with_arguments_are_its_arguments()
    {
        var result = await HostProcess.RunAsync(["-cwa", "$args.Count; $args", "a b", "-x"]);

        Assert.Equal(["2", "a b", "-x"], result.Lines);
    }

    [Fact]
    public async Task The_program_is_called_prefectps()
    {
        var program = Path.Combine(
            Path.GetDirectoryName(HostProcess.HostPath)!, OperatingSystem.IsWindows() ? "prefectps.exe" : "prefectps");
        await using var host = HostProcess.StartProgram(program, ["-c", "'started'"]);

        Assert.Equal(["started"], (await host.EndAsync()).Lines);
    }
}
