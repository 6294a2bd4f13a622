namespace PrefectPS.Integration.Tests.Support;

/// <summary>Runs <c>prefectps</c> on a pseudo-terminal, which the <c>script</c> command of util-linux provides.</summary>
internal static class Terminal
{
    private const string ScriptCommand = "/usr/bin/script";

    /// <summary>Skips the test where there is no such command.</summary>
    public static void Require() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(ScriptCommand), "needs the script command of util-linux for a terminal");

    /// <summary>Starts commands on a terminal 80 columns wide; its output is the terminal's, standard error included.</summary>
    public static HostProcess Start(
        string text, IEnumerable<(string Name, string Value)>? environment = null, string redirection = "")
    {
        var command = $"stty cols 80 rows 24; dotnet {Quote(HostProcess.HostPath)} -Command {Quote(text)} {redirection}";
        return HostProcess.StartProgram(
            ScriptCommand, ["-qec", command, "/dev/null"], [("TERM", "xterm"), ("SHELL", "/bin/sh"), .. environment ?? []]);
    }

    public static async Task<HostResult> RunAsync(string text, IEnumerable<(string Name, string Value)>? environment = null)
    {
        Require();
        await using var host = Start(text, environment);
        return await host.WaitAsync();
    }

    /// <summary>Waits until the terminal no longer shows what is typed.</summary>
    /// <param name="device">The terminal, as the <c>tty</c> command names it.</param>
    public static async Task WaitUntilHiddenAsync(string device)
    {
        for (var settings = ""; !settings.Contains("-echo ", StringComparison.Ordinal);)
        {
            await using var stty = HostProcess.StartProgram("stty", ["-F", device, "-a"]);
            var result = await stty.EndAsync();
            Assert.True(result.ExitCode == 0, result.Error);
            settings = result.Output;
        }
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
