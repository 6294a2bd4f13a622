namespace PrefectPS.Loader;

/// <summary>Explains why the module cannot be loaded.</summary>
internal static class LoadFault
{
    /// <summary>Returns the reason and what to do; null if the reason is unknown.</summary>
    /// <param name="isFramework">Whether this is Windows PowerShell.</param>
    /// <param name="powerShell">The version of PowerShell.</param>
    /// <param name="folder">The folder with the assemblies for it.</param>
    public static string? Of(bool isFramework, Version powerShell, string folder) =>
        !isFramework && (powerShell.Major, powerShell.Minor).CompareTo((7, 4)) < 0
            ? $"PrefectPS needs PowerShell 7.4 or later, or Windows PowerShell 5.1. This is PowerShell {powerShell.ToString(3)}."
        : !File.Exists(Path.Combine(folder, "PrefectPS.dll"))
            ? $"PrefectPS is not built for this PowerShell: '{folder}' has no PrefectPS.dll. In a checkout, run: dotnet build"
        : null;
}
