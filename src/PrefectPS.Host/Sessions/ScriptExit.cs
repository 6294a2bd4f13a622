using System.Management.Automation.Runspaces;
using System.Reflection;

namespace PrefectPS.Host.Sessions;

/// <summary>
/// Makes <c>exit</c> in a script file reach the host. The engine turns it into <c>$LASTEXITCODE</c>, where it cannot be told from the
/// status of the last native program. Its switch to pass it on instead is not public, so it is set by reflection, here only.
/// </summary>
internal static class ScriptExit
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    /// <summary>Makes the next script file's <c>exit</c> call the host's SetShouldExit.</summary>
    /// <returns>False when this engine has no such switch: then <see cref="FromLastExitCode"/> is the next best.</returns>
    public static bool PassToHost(Runspace runspace)
    {
        var context = runspace.GetType().GetProperty("ExecutionContext", Instance)?.GetValue(runspace);
        var rethrow = context?.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", Instance);
        rethrow?.SetValue(context, true);
        return rethrow is not null;
    }

    /// <summary>The status of the last <c>exit</c> or native program, when the script reported a failure.</summary>
    public static int FromLastExitCode(Pipeline pipeline) =>
        pipeline.HadErrors && pipeline.Runspace.SessionStateProxy.GetVariable("LASTEXITCODE") is int code ? code : ExitCode.Success;
}
