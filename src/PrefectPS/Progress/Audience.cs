using System.Management.Automation;
using System.Management.Automation.Host;
using PrefectPS.Tasks;

namespace PrefectPS.Progress;

/// <summary>Decides whether anybody can see a cmdlet's progress.</summary>
internal static class Audience
{
    // This host writes to the output of the process.
    private const string ConsoleHost = "ConsoleHost";

    private static readonly Lazy<bool> IsToldToBeQuiet = new(() => IsNonInteractive(Environment.GetCommandLineArgs()));

    /// <summary>
    /// Whether progress is enabled by <c>$ProgressPreference</c> or <c>-ProgressAction</c>, and the session is interactive:
    /// its host has a window and, for the console host, output is not redirected and <c>-NonInteractive</c> is not set.
    /// </summary>
    public static bool IsThere(PSCmdlet cmdlet) => IsWanted(cmdlet) && Environment.UserInteractive && HasWindow(cmdlet.Host);

    /// <summary>True if the console host was started with <c>-NonInteractive</c> or an abbreviation.</summary>
    /// <param name="commandLine">The process's command line, the program first.</param>
    internal static bool IsNonInteractive(IEnumerable<string> commandLine) => commandLine
        .Skip(1)
        .Where(word => word is ['-', _, ..])
        .Select(word => word.TrimStart('-'))
        .TakeWhile(option => !IsStartOf("file", option) && !IsStartOf("command", option)) // what follows is the script's own
        .Any(option => option.Length >= 4 && IsStartOf("noninteractive", option));

    private static bool IsStartOf(string name, string option) => name.StartsWith(option, StringComparison.OrdinalIgnoreCase);

    // Any preference other than Continue would prompt, end the run, or discard the record.
    private static bool IsWanted(PSCmdlet cmdlet)
    {
        var preference = cmdlet.MyInvocation.BoundParameters.TryGetValue("ProgressAction", out var given)
            ? given
            : cmdlet.GetVariableValue("ProgressPreference");
        return LanguagePrimitives.TryConvertTo<ActionPreference>(preference, out var action) && action == ActionPreference.Continue;
    }

    private static bool HasWindow(PSHost host) =>
        !(host.Name == ConsoleHost && (Console.IsOutputRedirected || IsToldToBeQuiet.Value)) && HostWindow.Read(() => host.UI.RawUI.WindowSize) is { Width: > 0 };
}
