using System.Globalization;
using System.Management.Automation.Host;
using PrefectPS.Host.Sessions;

namespace PrefectPS.Host.Terminal;

/// <summary>The host as scripts see it in <c>$Host</c>.</summary>
internal sealed class ConsoleHost : PSHost
{
    public ConsoleHost(TerminalCapabilities terminal, Interruption interruption)
    {
        Display = new ConsoleUserInterface(terminal, new ConsoleReader(terminal.CanPrompt, interruption.Token));
    }

    /// <summary>The status the script asked for with <c>exit</c>; null when it did not.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>The user interface, by its own type.</summary>
    public ConsoleUserInterface Display { get; }

    public override string Name => "prefectps";

    public override Version Version { get; } = typeof(ConsoleHost).Assembly.GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => Display;

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new NotSupportedException("prefectps has no interactive prompt to enter.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("prefectps has no interactive prompt to leave.");

    public override void NotifyBeginApplication()
    {
        // A native program shares the console as it is.
    }

    public override void NotifyEndApplication()
    {
        // See NotifyBeginApplication.
    }
}
