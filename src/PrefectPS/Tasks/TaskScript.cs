using System.Collections.ObjectModel;
using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Calls script blocks of tasks and handlers in the session's runspace, in the scope of the cmdlet's caller.</summary>
internal static class TaskScript
{
    /// <summary>Calls a block in a new scope, with ErrorActionPreference Stop and <c>$FlowContext</c>.</summary>
    /// <param name="block">The block.</param>
    /// <param name="context">The task's context; null for none.</param>
    /// <param name="scope">Additional variables and functions that it sees; null for none.</param>
    /// <param name="arguments">Its arguments, in order.</param>
    /// <returns>Its output. Its other streams go to the caller's.</returns>
    /// <exception cref="FlowSignalException">It sent a signal.</exception>
    /// <exception cref="TaskFailedException">It failed.</exception>
    /// <exception cref="StepStoppedException">The pipeline is being stopped.</exception>
    public static Collection<PSObject> Invoke(ScriptBlock block, FlowContext? context, DefinitionScope? scope, params object?[] arguments) =>
        Invoke(ActionPreference.Stop, block, context, scope, arguments);

    /// <summary>The same, with the error action for functions of modules.</summary>
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

    /// <summary>Invokes the block; its errors are not converted.</summary>
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
