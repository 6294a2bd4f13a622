using System.Collections.ObjectModel;
using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Calls script blocks of tasks and handlers in the session's runspace, as if they had been called where the cmdlet is.</summary>
internal static class TaskScript
{
    /// <summary>Calls a block in a scope of its own, where errors stop it and <c>$FlowContext</c> tells where it runs.</summary>
    /// <returns>Its output. Its other streams have gone to the caller's.</returns>
    /// <exception cref="FlowSignalException">It sent a signal.</exception>
    /// <exception cref="TaskFailedException">It failed.</exception>
    /// <exception cref="StepStoppedException">The pipeline is being stopped.</exception>
    public static Collection<PSObject> Invoke(ScriptBlock block, FlowContext? context, params object?[] arguments)
    {
        try
        {
            return Call(block, context, arguments);
        }
        catch (Exception e)
        {
            if (ScriptErrors.Translate(e, PipelineStop.IsRequested) is { } known)
                throw known;
            throw;
        }
    }

    /// <summary>Calls the definition block of a flow, likewise; its errors are the caller's as they are.</summary>
    public static Collection<PSObject> Define(ScriptBlock block) => Call(block, context: null, []);

    private static Collection<PSObject> Call(ScriptBlock block, FlowContext? context, object?[] arguments) =>
        block.InvokeWithContext(functionsToDefine: null, Variables(context), arguments);

    private static List<PSVariable> Variables(FlowContext? context)
    {
        var variables = new List<PSVariable>(3)
        {
            new("ErrorActionPreference", ActionPreference.Stop),
            new("PSNativeCommandUseErrorActionPreference", true),
        };
        if (context is not null)
            variables.Add(new("FlowContext", context));
        return variables;
    }
}
