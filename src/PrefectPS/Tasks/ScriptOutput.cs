using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>Converts the output of a script block to a task's result.</summary>
internal static class ScriptOutput
{
    /// <summary>Like an assignment: nothing, the single object, or an array of all objects.</summary>
    public static object? ToResult(IReadOnlyCollection<PSObject> output) => output.Count switch
    {
        0 => null,
        1 => PowerShellValues.Instance.Settle(output.First()),
        _ => output.Select(PowerShellValues.Instance.Settle).ToArray(),
    };
}
