using System.Management.Automation;
using System.Management.Automation.Host;
using PrefectPS.Tasks;

namespace PrefectPS.Progress;

/// <summary>Whether there is someone to see a cmdlet's progress.</summary>
internal static class Audience
{
    // What this host writes goes to the process's own output.
    private const string ConsoleHost = "ConsoleHost";

    private static readonly Lazy<bool> IsToldToBeQuiet = new(() => IsNonInteractive(Environment.GetCommandLineArgs()));

    /// <summary>
    /// Whether progress is wanted, by <c>$ProgressPreference</c> or <c>-ProgressAction</c>, and the session is interactive: a person's,
    /// with a host that has a window, and where that is the console, with output that goes there and without <c>-NonInteractive</c>.
    /// </summary>
    public static bool IsThere(PSCmdlet cmdlet) => IsWanted(cmdlet) && Environment.UserInteractive && HasWindow(cmdlet.Host);

    /// <summary>Whether the console host was started with <c>-NonInteractive</c>, or short for it.</summary>
    /// <param name="commandLine">The process's command line, the program first.</param>
    internal static bool IsNonInteractive(IEnumerable<string> commandLine) => commandLine
        .Skip(1)
        .Where(word => word is ['-', _, ..])
        .Select(word => word.TrimStart('-'))
        .TakeWhile(option => !IsStartOf("file", option) && !IsStartOf("command", option)) // what follows is the script's own
        .Any(option => option.Length >= 4 && IsStartOf("noninteractive", option));

    private static bool IsStartOf(string name, string option) => name.StartsWith(option, StringComparison.OrdinalIgnoreCase);

    // Any other preference than Continue would ask, or end the run, or throw the record away.
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
