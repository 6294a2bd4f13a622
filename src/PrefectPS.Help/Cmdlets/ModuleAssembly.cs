using System.Reflection;
using System.Runtime.Loader;

namespace PrefectPS.Help.Cmdlets;

/// <summary>Loads a module's assembly for reflection, resolving dependencies beside it and from references.</summary>
/// <param name="path">The module's assembly.</param>
/// <param name="references">Assemblies from elsewhere, such as PowerShell's.</param>
internal sealed class ModuleAssembly(string path, IReadOnlyList<string> references) : AssemblyLoadContext(nameof(ModuleAssembly))
{
    private readonly string _path = Path.GetFullPath(path);

    public Assembly Load() => LoadFromAssemblyPath(_path);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var beside = Path.Combine(Path.GetDirectoryName(_path)!, assemblyName.Name + ".dll");
        var found = references.FirstOrDefault(reference => Path.GetFileNameWithoutExtension(reference) == assemblyName.Name)
            ?? (File.Exists(beside) ? beside : null);
        return found is null ? null : LoadFromAssemblyPath(Path.GetFullPath(found));
    }
}
