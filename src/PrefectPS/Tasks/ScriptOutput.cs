using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>What a script block put out, as a task's result.</summary>
internal static class ScriptOutput
{
    /// <summary>As an assignment would have it: nothing, the one object, or all of them as an array.</summary>
    public static object? ToResult(IReadOnlyCollection<PSObject> output) => output.Count switch
    {
        0 => null,
        1 => PowerShellValues.Instance.Settle(output.First()),
        _ => output.Select(PowerShellValues.Instance.Settle).ToArray(),
    };
}
