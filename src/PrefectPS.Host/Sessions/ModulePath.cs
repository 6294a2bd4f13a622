namespace PrefectPS.Host.Sessions;

/// <summary>Puts the modules that came with the host first among those that PowerShell finds by name.</summary>
internal static class ModulePath
{
    private const string Variable = "PSModulePath";

    /// <summary>Called when the engine has written its own default to the variable: it would put the user's folders before ours.</summary>
    public static void PutHostModulesFirst()
    {
        var hostModules = Path.Combine(AppContext.BaseDirectory, "Modules");
        var others = Environment.GetEnvironmentVariable(Variable)?.Split(Path.PathSeparator) ?? [];
        string[] folders = [hostModules, .. others.Except([hostModules], StringComparer.Ordinal)];
        Environment.SetEnvironmentVariable(Variable, string.Join(Path.PathSeparator, folders));
    }
}
