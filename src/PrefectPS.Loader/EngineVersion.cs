using System.Reflection;

namespace PrefectPS.Loader;

/// <summary>Decides which assemblies of the session are bound to the module's engine: those built for the same major version, and not for a later one.</summary>
internal static class EngineVersion
{
    /// <summary>Returns the engine if its version is compatible.</summary>
    /// <param name="wanted">The requested engine; without a version, any is compatible.</param>
    /// <param name="engine">The module's engine.</param>
    /// <exception cref="FileLoadException">The module's engine has another major version, or is older.</exception>
    public static Assembly Check(AssemblyName wanted, Assembly engine)
    {
        var own = engine.GetName().Version!;
        return wanted.Version is not { } version || (version.Major == own.Major && version <= own)
            ? engine
            : throw new FileLoadException(
                $"A module of this session needs {wanted.Name} {version}, and its PrefectPS has {own} ('{engine.Location}'). "
                + $"Update {(version > own ? "PrefectPS" : "that module")}, and start a new session.");
    }
}
