using System.Management.Automation.Runspaces;

namespace PrefectPS.Blocks;

/// <summary>Variables that exist in every runspace or scope.</summary>
internal static class AutomaticVariables
{
    private static readonly Lazy<HashSet<string>> Names = new(() => new(
    [
        "_", "PSItem", "args", "input", "this", "Matches", "foreach", "switch", "PSCmdlet", "PSBoundParameters", "MyInvocation", "PSScriptRoot", "PSCommandPath",
        "LASTEXITCODE", "Error", "StackTrace", "true", "false", "null", "?", "^", "$", "Event", "EventArgs", "EventSubscriber", "Sender", "SourceArgs",
        "SourceEventArgs", "NestedPromptLevel", "ConsoleFileName", "PSDebugContext", "PWD", "HOME", "Host", "PID", "PSVersionTable", "PSHOME", "ShellId",
        "ExecutionContext", "IsLinux", "IsWindows", "IsMacOS", "IsCoreCLR", "PSEdition", "PSCulture", "PSUICulture", "EnabledExperimentalFeatures", "PROFILE",
        "FlowContext", "OFS", "PSDefaultParameterValues", "PSModuleAutoloadingPreference", "PSSessionOption", .. InitialSessionState.CreateDefault().Variables.Select(variable => variable.Name),
    ], StringComparer.OrdinalIgnoreCase));

    public static bool Has(string name) => Names.Value.Contains(name);
}
