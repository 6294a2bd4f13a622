using System.Collections;
using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>Finds out the strict mode of a scope. PowerShell has a command to set it and none to read it: it shows in what is an error.</summary>
internal static class StrictModes
{
    private static readonly (Version Version, string Fault)[] Faults =
    [
        (new(1, 0), "$__prefectps_unset"),
        (new(2, 0), "'text'.__prefectps_missing"),
        (new(3, 0), "@(1)[5]"),
    ];

    /// <summary>That of the scope a cmdlet is called in; null where it is off.</summary>
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

        // What was tried is nobody's error.
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
