using System.Reflection;

namespace PrefectPS.Loader;

/// <summary>Loads the module's assembly for this PowerShell; in PowerShell 7 into a separate load context, isolated from the assemblies of other modules.</summary>
internal static class ModuleLoader
{
    /// <summary>True if this is Windows PowerShell.</summary>
    public static bool IsFramework => typeof(object).Assembly.GetName().Name == "mscorlib";

    /// <summary>The folder with the assemblies for this PowerShell.</summary>
    /// <param name="root">The folder of the module's folders, one for each kind of .NET.</param>
    public static string FolderIn(string root) => Path.Combine(root, IsFramework ? "netstandard2.0" : "net8.0");

    /// <summary>The assembly with the cmdlets.</summary>
    /// <param name="folder">The folder with the assemblies for this PowerShell.</param>
    /// <exception cref="FileNotFoundException">The folder has no module.</exception>
    public static Assembly Load(string folder)
    {
        if (!IsFramework)
            return LoadInContext(folder);
        FolderResolver.Register(folder);
        return Assembly.LoadFrom(Path.Combine(folder, "PrefectPS.dll"));
    }

    private static Assembly LoadInContext(string folder)
    {
        var precompiled = PrecompiledFolder.Of(folder);
        var contexts = Assembly.LoadFrom(Path.Combine(precompiled ?? folder, "PrefectPS.LoadContext.dll"));
        var load = contexts.GetType("PrefectPS.Loader.ModuleLoadContext", throwOnError: true)!.GetMethod("LoadModule")!;
        return ((Func<string, string?, Assembly>)load.CreateDelegate(typeof(Func<string, string?, Assembly>)))(folder, precompiled);
    }
}
