using System.Management.Automation;
using System.Reflection;

namespace PrefectPS.Tasks;

/// <summary>While a step runs in a console that nobody can type at, what asks is an error at once, as with <c>pwsh -NonInteractive</c>.</summary>
/// <remarks>
/// With standard input redirected the console host reads the answer from there: a task waits for ever where it stays open, and takes nothing for an answer
/// where it is at its end. The host has the switch that -NonInteractive sets, and no public way to it. Where PowerShell is built otherwise, and this finds
/// no switch, prompts are as they were.
/// </remarks>
internal sealed class PromptGuard : IDisposable
{
    private const string ConsoleHost = "ConsoleHost";
    private const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic;

    private readonly object? _console;
    private readonly FieldInfo? _switch;
    private readonly object? _old;

    public PromptGuard(PSCmdlet cmdlet)
    {
        if (cmdlet.Host.Name != ConsoleHost || !Console.IsInputRedirected)
            return;
        var host = cmdlet.Host.GetType().GetProperty("ExternalHost", Internal)?.GetValue(cmdlet.Host);
        _console = host?.GetType().GetProperty("UI")?.GetValue(host);
        _switch = FindSwitch(_console?.GetType());
        _old = _switch?.GetValue(_console);
        _switch?.SetValue(_console, true);
    }

    public void Dispose() => _switch?.SetValue(_console, _old);

    private static FieldInfo? FindSwitch(Type? console) => console is null ? null : Array.Find(
        console.GetFields(Internal),
        field => field.FieldType == typeof(bool) && field.Name.Contains("ThrowOnReadAndPrompt", StringComparison.OrdinalIgnoreCase));
}
