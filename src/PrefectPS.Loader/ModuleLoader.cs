using System.Reflection;

namespace PrefectPS.Loader;

/// <summary>Loads the module's assembly from its folder. The only type of PrefectPS that the session itself loads.</summary>
public static class ModuleLoader
{
    private const string ModuleAssembly = "PrefectPS.dll";

    /// <summary>Loads the module; in PowerShell 7 into a context of its own, so that no other module's assemblies meet ours.</summary>
    /// <param name="folder">The folder with the module's assemblies.</param>
    /// <returns>The assembly with the cmdlets.</returns>
    /// <exception cref="FileNotFoundException">The folder has no module.</exception>
    public static Assembly Load(string folder)
    {
        var path = Path.Combine(folder, ModuleAssembly);
#if NETSTANDARD
        FolderResolver.Register(folder);
        return Assembly.LoadFrom(path);
#else
        return ModuleLoadContext.For(folder).LoadFromAssemblyPath(path);
#endif
    }
}
