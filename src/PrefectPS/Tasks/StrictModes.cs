using System.Collections;
using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>Detects the strict mode of a scope by probing which expressions fail, because PowerShell can set but not read it.</summary>
internal static class StrictModes
{
    private static readonly (Version Version, string Fault)[] Faults =
    [
        (new(1, 0), "$__prefectps_unset"),
        (new(2, 0), "'text'.__prefectps_missing"),
        (new(3, 0), "@(1)[5]"),
    ];

    /// <summary>The strict mode of a cmdlet's calling scope; null if it is off.</summary>
    public static Version? Current(SessionState session)
    {
        Version? found = null;
        var errors = session.PSVariable.GetValue("global:Error") as ArrayList;
        var known = errors?.Count ?? 0;
        foreach (var (version, fault) in Faults)
        {
            if (!IsError(fault))
                break;
            found = version;
        }

        // Remove the errors of the probes from $Error.
        while (errors?.Count > known)
            errors.RemoveAt(0);
        return found;
    }

    private static bool IsError(string fault)
    {
        try
        {
            ScriptBlock.Create(fault).InvokeReturnAsIs();
            return false;
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            return true;
        }
    }
}
