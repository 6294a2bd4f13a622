using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace PrefectPS.Loader;

/// <summary>
/// Load context of the module's assemblies in PowerShell 7. Assemblies in the module's folder are loaded from there, all others come from the session. Each
/// provider and its SDK have a subfolder and a load context of their own. Precompiled assemblies are preferred.
/// </summary>
internal sealed class ModuleLoadContext : AssemblyLoadContext
{
    private const string ModuleAssembly = "PrefectPS";
    private const string EngineAssembly = "PrefectPS.Engine";

    // One per folder: importing the module again must find the same types.
    private static readonly ConcurrentDictionary<string, ModuleLoadContext> Contexts = new(StringComparer.Ordinal);

    // The first one in this process: assemblies of the session are bound to its engine.
    private static ModuleLoadContext? _shared;

    private readonly string _folder;
    private readonly string? _precompiled;
    private readonly ConcurrentDictionary<string, ProviderLoadContext> _providers = new(StringComparer.Ordinal);

    private ModuleLoadContext(string folder, string? precompiled)
        : base(ModuleAssembly)
    {
        _folder = folder;
        _precompiled = precompiled;
    }

    /// <summary>Loads the module's own assembly, with its cmdlets. From then on assemblies of the session can be bound to the module's engine.</summary>
    /// <param name="folder">The folder with the module's assemblies.</param>
    /// <param name="precompiled">The folder with machine code of some of them for this process; null if none.</param>
    /// <exception cref="FileNotFoundException">The folder has no module.</exception>
    public static Assembly LoadModule(string folder, string? precompiled)
    {
        var context = Contexts.GetOrAdd(folder, path => new(path, precompiled));
        if (Interlocked.CompareExchange(ref _shared, context, null) is null)
            Default.Resolving += FindEngine;
        return context.LoadFromAssemblyName(new(ModuleAssembly));
    }

    /// <summary>Finds an assembly in the module's folder; null if it is not there.</summary>
    public Assembly? Find(AssemblyName assemblyName)
    {
        var file = assemblyName.Name + ".dll";
        return (_precompiled is null ? null : FindIn(_precompiled, file)) ?? FindIn(_folder, file);
    }

    // An assembly of the session, such as that of a store's provider, asks for the engine.
    private static Assembly? FindEngine(AssemblyLoadContext session, AssemblyName wanted) =>
        wanted.Name == EngineAssembly && _shared!.Find(wanted) is { } engine ? EngineVersion.Check(wanted, engine) : null;

    protected override Assembly? Load(AssemblyName assemblyName) => Find(assemblyName) ?? FindProvider(assemblyName);

    private Assembly? FindIn(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    private Assembly? FindProvider(AssemblyName assemblyName) =>
        ProviderFolder.Of(_folder, assemblyName.Name) is { } folder
            ? _providers.GetOrAdd(folder, each => new(each, this)).Find(assemblyName)
            : null;
}
