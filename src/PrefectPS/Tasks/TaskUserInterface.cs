using System.Management.Automation;
using System.Management.Automation.Host;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>
/// The host's user interface for task bodies: host output (<c>Out-Host</c>, <c>$Host.UI</c>) goes to the body's streams, with the task as prefix.
/// </summary>
internal abstract class TaskUserInterface : PSHostUserInterface
{
    public sealed override void Write(string value) => WriteHost(value, noNewLine: true, ui => ui.Write(value));

    public sealed override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        WriteHost(value, noNewLine: true, ui => ui.Write(foregroundColor, backgroundColor, value), foregroundColor, backgroundColor);

    public sealed override void WriteLine() => WriteHost(string.Empty, noNewLine: false, ui => ui.WriteLine());

    public sealed override void WriteLine(string value) => WriteHost(value, noNewLine: false, ui => ui.WriteLine(value));

    public sealed override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        WriteHost(value, noNewLine: false, ui => ui.WriteLine(foregroundColor, backgroundColor, value), foregroundColor, backgroundColor);

    public sealed override void WriteErrorLine(string value) => Tell((caller, task) => caller.WriteErrorLine(task, value), ui => ui.WriteErrorLine(value));

    public sealed override void WriteDebugLine(string message) => Tell((caller, task) => caller.WriteDebug(task, message), ui => ui.WriteDebugLine(message));

    public sealed override void WriteVerboseLine(string message) => Tell((caller, task) => caller.WriteVerbose(task, message), ui => ui.WriteVerboseLine(message));

    public sealed override void WriteWarningLine(string message) => Tell((caller, task) => caller.Warn(task, message), ui => ui.WriteWarningLine(message));

    /// <summary>Passes a record on for a task, or without a task to the original host.</summary>
    private protected abstract void Tell(Action<ITaskStreams, ITaskOutput?> write, Action<PSHostUserInterface> show);

    /// <summary>True if PowerShell is showing a record that was already passed on.</summary>
    private protected virtual bool IsKnown(string value) => false;

    /// <summary>The error of a prompt that nobody can answer.</summary>
    public static HostException NobodyAnswers() =>
        new(ModuleTexts.NobodyAnswers, innerException: null, "HostFunctionNotImplemented", ErrorCategory.NotImplemented);

    private void WriteHost(string value, bool noNewLine, Action<PSHostUserInterface> show, ConsoleColor? foreground = null, ConsoleColor? background = null)
    {
        if (!IsKnown(value))
            Tell((caller, task) => caller.WriteHost(task, new() { Message = value, NoNewLine = noNewLine, ForegroundColor = foreground, BackgroundColor = background }), show);
    }
}
