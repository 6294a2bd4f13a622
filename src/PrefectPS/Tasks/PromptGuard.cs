using System.Management.Automation;
using System.Reflection;

namespace PrefectPS.Tasks;

/// <summary>While a step runs in a console without interactive input, prompts are errors, as with <c>pwsh -NonInteractive</c>.</summary>
/// <remarks>
/// With redirected standard input, the console host reads answers from there: a task would wait forever while it stays open, or get an empty answer
/// at its end. The switch that -NonInteractive sets is not public. If PowerShell's internals differ, and the
/// switch is not found, prompts behave as before.
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
