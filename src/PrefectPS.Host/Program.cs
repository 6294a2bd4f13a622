using System.Management.Automation;
using Microsoft.PowerShell;

namespace PrefectPS.Host;

/// <summary>PowerShell's own console program, with the modules beside it first on the module path.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        // PowerShell calls home unless told not to: that is for the user to turn on, not for a host.
        SetDefault("POWERSHELL_TELEMETRY_OPTOUT", "1");
        SetDefault("POWERSHELL_UPDATECHECK", "Off");
        PutOwnModulesFirst();
        return UnmanagedPSEntry.Start(arguments, arguments.Length);
    }

    private static void SetDefault(string variable, string value)
    {
        if (Environment.GetEnvironmentVariable(variable) is null)
            Environment.SetEnvironmentVariable(variable, value);
    }

    /// <summary>PowerShell adds the folders that it misses in front, so all of them are named here, in the order wanted.</summary>
    private static void PutOwnModulesFirst()
    {
        const string Variable = "PSModulePath";
        var own = Path.Combine(AppContext.BaseDirectory, "Modules");
        var folders = ModuleIntrinsics.GetModulePath(Environment.GetEnvironmentVariable(Variable), null, null).Split(Path.PathSeparator);
        Environment.SetEnvironmentVariable(Variable, string.Join(Path.PathSeparator, folders.Except([own], StringComparer.Ordinal).Prepend(own)));
    }
}
