namespace PrefectPS.Host.Terminal;

/// <summary>What the process's standard streams can do.</summary>
/// <param name="CanPrompt">Someone is there to ask.</param>
/// <param name="OutputIsTerminal">Standard output is a terminal, with a width and a cursor.</param>
/// <param name="OutputHasColor">Escape sequences may go to standard output.</param>
/// <param name="ErrorHasColor">Escape sequences may go to standard error.</param>
internal sealed record TerminalCapabilities(bool CanPrompt, bool OutputIsTerminal, bool OutputHasColor, bool ErrorHasColor)
{
    /// <summary>
    /// Reads the streams and the environment: <c>NO_COLOR</c> turns colours off, <c>FORCE_COLOR</c> turns them on where the stream is
    /// redirected (a CI log), and a <c>dumb</c> terminal has none.
    /// </summary>
    public static TerminalCapabilities Detect(bool mayPrompt)
    {
        var isForced = Environment.GetEnvironmentVariable("FORCE_COLOR") is { Length: > 0 } and not "0" and not "false";
        var isForbidden = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var isAble = Environment.GetEnvironmentVariable("TERM") is not "dumb" && WindowsTerminal.EnableEscapeSequences();

        return new TerminalCapabilities(
            CanPrompt: mayPrompt && !Console.IsInputRedirected,
            OutputIsTerminal: !Console.IsOutputRedirected,
            OutputHasColor: HasColor(Console.IsOutputRedirected),
            ErrorHasColor: HasColor(Console.IsErrorRedirected));

        bool HasColor(bool isRedirected) => !isForbidden && (isForced || (isAble && !isRedirected));
    }
}
