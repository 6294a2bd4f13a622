#if !NETSTANDARD
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace PrefectPS.Loader;

/// <summary>Where the module's assemblies live in PowerShell 7: what its folder has comes from there, all else from the session.</summary>
internal sealed class ModuleLoadContext : AssemblyLoadContext
{
    // One for a folder: importing the module again must find the same types.
    private static readonly ConcurrentDictionary<string, ModuleLoadContext> Contexts = new(StringComparer.Ordinal);

    private readonly string _folder;

    private ModuleLoadContext(string folder)
        : base("PrefectPS") => _folder = folder;

    public static ModuleLoadContext For(string folder) => Contexts.GetOrAdd(Path.GetFullPath(folder), path => new(path));

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
#endif
