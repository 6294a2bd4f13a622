using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>What a cmdlet's caller wants to be done with what the cmdlet writes.</summary>
internal static class StreamPreference
{
    /// <summary>Writes records, or lets the host show them: a caller that stops at them must not lose a step to what is no failure of it.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="parameter">The common parameter that says what is done with them.</param>
    /// <param name="variable">The preference variable that says it else.</param>
    /// <param name="write">Writes one.</param>
    /// <param name="show">What the host shows of one.</param>
    public static Action<T> Unless<T>(PSCmdlet cmdlet, string parameter, string variable, Action<T> write, Func<T, string> show) =>
        Of(cmdlet, parameter, variable) == ActionPreference.Stop ? record => cmdlet.Host?.UI?.WriteErrorLine(show(record)) : write;

    /// <summary>What the caller wants; null where that is unclear.</summary>
    public static ActionPreference? Of(PSCmdlet cmdlet, string parameter, string variable)
    {
        var preference = cmdlet.MyInvocation.BoundParameters.TryGetValue(parameter, out var given) ? given : cmdlet.GetVariableValue(variable);
        return LanguagePrimitives.TryConvertTo<ActionPreference>(preference, out var action) ? action : null;
    }
}
