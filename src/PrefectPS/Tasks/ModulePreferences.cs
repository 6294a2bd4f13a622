using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace PrefectPS.Tasks;

/// <summary>What functions of script modules do at an error, while a body runs: they see global preferences only, and none of the task's.</summary>
/// <remarks>
/// With the session's own, their Write-Error and a failing program pass unnoticed, and a copy that failed is a success. With the task's as they are, what
/// they silence on purpose fails, too. So it is decided at the error, by the calls that have led to it.
/// </remarks>
internal static class ModulePreferences
{
    public const string ErrorAction = "ErrorActionPreference";
    public const string Native = "PSNativeCommandUseErrorActionPreference";

    [ThreadStatic]
    private static ActionPreference? _active;

    [ThreadStatic]
    private static bool _isProgram;

    /// <summary>What an error does in the body that runs on this thread; null while none does.</summary>
    public static ActionPreference? Active
    {
        get => _active;
        set => _active = value;
    }

    /// <summary>What the error that is about to be written does.</summary>
    public static ActionPreference Decide(ActionPreference active)
    {
        var isProgram = _isProgram;
        _isProgram = false;
        foreach (var frame in Frames())
        {
            // A preference that one function of a module is called with does not reach those of another one by itself.
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

    /// <summary>Whether a program that ended with another code than 0 is an error: not in a function that looks at the code itself.</summary>
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
