using PrefectPS.Host.CommandLine;
using PrefectPS.Host.Sessions;
using PrefectPS.Host.Terminal;

namespace PrefectPS.Host;

internal static class Program
{
    // Exits rather than returns: the threads of a runspace that the script left open would keep the process alive.
    private static void Main(string[] arguments) => Environment.Exit(Start(arguments));

    private static int Start(string[] arguments)
    {
        using var interruption = new Interruption();
        StandardStreams.Open(interruption);
        EngineTelemetry.TurnOffByDefault();
        try
        {
            return Run(HostOptions.Parse(arguments, Console.IsInputRedirected), interruption);
        }
        catch (UsageException exception)
        {
            Console.Error.WriteLine($"prefectps: {exception.Message}");
            return ExitCode.Usage;
        }
    }

    private static int Run(HostOptions options, Interruption interruption)
    {
        if (options.Script is not { } script)
        {
            Console.Out.WriteLine(options.ShowsVersion ? Usage.Version : Usage.Text);
            return ExitCode.Success;
        }

        interruption.ListenToSignals();
        var terminal = TerminalCapabilities.Detect(mayPrompt: !options.NonInteractive);
        using var session = new Session(new ConsoleHost(terminal, interruption), interruption, options.ExecutionPolicy);
        return session.Run(script);
    }
}
