using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace PrefectPS.Tasks;

/// <summary>Decides the error action in functions of script modules while a body runs, because they only see global preferences, not the task's.</summary>
/// <remarks>
/// With the session's preferences, their Write-Error and failing programs would pass unnoticed. With the task's preferences, errors that
/// they suppress on purpose would fail the task. So it is decided for each error, from its call stack.
/// </remarks>
internal static class ModulePreferences
{
    public const string ErrorAction = "ErrorActionPreference";
    public const string Native = "PSNativeCommandUseErrorActionPreference";

    [ThreadStatic]
    private static ActionPreference? _active;

    [ThreadStatic]
    private static bool _isProgram;

    /// <summary>The error action of the body that runs on this thread; null for none.</summary>
    public static ActionPreference? Active
    {
        get => _active;
        set => _active = value;
    }

    /// <summary>The action for the error that is about to be written.</summary>
    public static ActionPreference Decide(ActionPreference active)
    {
        var isProgram = _isProgram;
        _isProgram = false;
        foreach (var frame in Frames())
        {
            // The preference of a function does not propagate to functions of another module.
            if (frame.InvocationInfo?.BoundParameters.TryGetValue("ErrorAction", out var given) == true
                && LanguagePrimitives.TryConvertTo<ActionPreference>(given, out var preference))
            {
                return preference;
            }

            if (BlockOf(frame) is not { Module: not null } block)
                break;
            if (!isProgram && RedirectsErrors(block.Ast, frame.Position))
                return ActionPreference.Continue;
        }

        return active;
    }

    /// <summary>True if a program's non-zero exit code is an error: not in a function that checks the exit code itself.</summary>
    public static bool DecideNative()
    {
        foreach (var frame in Frames())
        {
            if (BlockOf(frame) is not { Module: not null } block)
                break;
            if (block.Ast.Find(IsExitCode, searchNestedScriptBlocks: true) is not null)
                return false;
            if (frame.InvocationInfo.MyCommand is FunctionInfo)
                break;
        }

        return _isProgram = true;
    }

    private static IEnumerable<CallStackFrame> Frames() => Runspace.DefaultRunspace?.Debugger?.GetCallStack() ?? [];

    private static ScriptBlock? BlockOf(CallStackFrame frame) => frame.InvocationInfo?.MyCommand switch
    {
        FunctionInfo function => function.ScriptBlock,
        ScriptInfo script => script.ScriptBlock,
        _ => null,
    };

    private static bool IsExitCode(Ast node) => node is VariableExpressionAst { VariablePath.UserPath: var name }
        && (name == "?" || string.Equals(name, "LASTEXITCODE", StringComparison.OrdinalIgnoreCase));

    private static bool RedirectsErrors(Ast function, IScriptExtent? statement) => statement is not null && function.Find(
        node => node is CommandBaseAst { Redirections: { Count: > 0 } redirections } command
            && redirections.Any(redirection => redirection.FromStream is RedirectionStream.Error or RedirectionStream.All)
            && command.Extent.StartOffset <= statement.EndOffset && statement.StartOffset <= command.Extent.EndOffset,
        searchNestedScriptBlocks: true) is not null;
}
