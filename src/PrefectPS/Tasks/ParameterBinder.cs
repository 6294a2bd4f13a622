using System.Collections;
using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Lets PowerShell itself bind values to the parameters of a block, with their types and attributes.</summary>
/// <param name="block">The block, which determines the session state of the wrapper.</param>
/// <param name="names">The names of its parameters.</param>
internal sealed class ParameterBinder(ScriptBlock block, IReadOnlyList<string> names)
{
    // The bound block has no statements: dot-sourcing it leaves its parameters in the wrapper's scope.
    private const string Call = """
        param($__block, $__arguments, $__names)
        . $__block @__arguments
        foreach ($__name in $__names) { , (Microsoft.PowerShell.Utility\Get-Variable $__name -ValueOnly -ErrorAction Ignore) }
        """;

    private readonly ScriptBlock _wrapper = Splatting.WrapperFor(block, Call);

    /// <summary>Binds values.</summary>
    /// <param name="bound">A block without statements that declares all or some of the parameters.</param>
    /// <param name="arguments">The values, by name.</param>
    /// <param name="values">The bound values, in the order of the names.</param>
    /// <param name="fault">The problem, if binding fails.</param>
    public bool TryBind(ScriptBlock bound, Hashtable arguments, out object?[] values, out ParameterFault fault)
    {
        (values, fault) = ([], default);
        try
        {
            values = [.. TaskScript.Invoke(_wrapper, context: null, scope: null, bound, arguments, names).Select(ToPlain)];
            return true;
        }
        catch (TaskFailedException e)
        {
            fault = FaultOf(e);
            return false;
        }
    }

    // The message of a binding error repeats the parameter's name; the inner message has the reason.
    private static ParameterFault FaultOf(TaskFailedException error) =>
        error.InnerException is ParameterBindingException { ParameterName: { Length: > 0 } name } binding
            ? new(name, (binding.InnerException ?? binding).Message)
            : new("param(…)", error.Error.Message);

    // A switch is a boolean outside of the block that declares it.
    private static object? ToPlain(PSObject? value) => PowerShellValues.Instance.Unwrap(value) switch
    {
        SwitchParameter flag => flag.IsPresent,
        var other => other,
    };
}
