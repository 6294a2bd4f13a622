using System.Collections.ObjectModel;
using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Calls script blocks of tasks and handlers in the session's runspace, as if they had been called where the cmdlet is.</summary>
internal static class TaskScript
{
    /// <summary>Calls a block in a scope of its own, where errors stop it and <c>$FlowContext</c> tells where it runs.</summary>
    /// <param name="block">The block.</param>
    /// <param name="context">What it is told of the task; null for nothing.</param>
    /// <param name="scope">Variables and functions that it sees besides those of the caller; null for none.</param>
    /// <param name="arguments">Its arguments, in order.</param>
    /// <returns>Its output. Its other streams have gone to the caller's.</returns>
    /// <exception cref="FlowSignalException">It sent a signal.</exception>
    /// <exception cref="TaskFailedException">It failed.</exception>
    /// <exception cref="StepStoppedException">The pipeline is being stopped.</exception>
    public static Collection<PSObject> Invoke(ScriptBlock block, FlowContext? context, DefinitionScope? scope, params object?[] arguments) =>
        Invoke(ActionPreference.Stop, block, context, scope, arguments);

    /// <summary>As above, with what an error does in functions of modules.</summary>
    public static Collection<PSObject> Invoke(ActionPreference errorAction, ScriptBlock block, FlowContext? context, DefinitionScope? scope, object?[] arguments)
    {
        var outer = ModulePreferences.Active;
        var teller = SessionStreams.Begin(context?.Output);
        ModulePreferences.Active = errorAction;
        try
        {
            return Call(block, context, scope, arguments);
        }
        catch (Exception e)
        {
            if (ScriptErrors.Translate(e, PipelineStop.IsRequested) is { } known)
                throw known is TaskFailedException failed ? NativeErrors.Complete(failed, NativeErrors.OfSession(context?.Output)) : known;
            throw;
        }
        finally
        {
            ModulePreferences.Active = outer;
            SessionStreams.End(teller);
        }
    }

    /// <summary>As one that is invoked; its errors are the caller's as they are.</summary>
    public static Collection<PSObject> Call(ScriptBlock block, FlowContext? context, DefinitionScope? scope, object?[] arguments) =>
        block.InvokeWithContext(scope is { Functions.Count: > 0 } ? scope.Functions : null, Variables(context, scope), arguments);

    private static List<PSVariable> Variables(FlowContext? context, DefinitionScope? scope)
    {
        var variables = new List<PSVariable>(3)
        {
            new("ErrorActionPreference", ActionPreference.Stop),
            new("PSNativeCommandUseErrorActionPreference", true),
        };
        if (context is not null)
            variables.Add(new("FlowContext", context));
        if (scope is not null)
            variables.AddRange(scope.Copy());
        return variables;
    }
}
