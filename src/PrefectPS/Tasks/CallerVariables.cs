using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>The variables of a session.</summary>
internal static class CallerVariables
{
    /// <summary>Finds a variable in any scope or drive: <c>x</c>, <c>script:x</c>, <c>env:PATH</c>.</summary>
    public static bool TryFind(SessionState session, string name, out object? value)
    {
        var variable = session.PSVariable.Get(name);
        value = variable is null ? OnDrive(session, name) : variable.Value;
        return variable is not null || value is not null;
    }

    private static object? OnDrive(SessionState session, string name)
    {
        try
        {
            return name.IndexOf(':') > 0 ? session.PSVariable.GetValue(name) : null;
        }
        catch (Exception e) when (e is RuntimeException or NotSupportedException)
        {
            return null; // the drive does not exist, or does not contain variables
        }
    }
}
