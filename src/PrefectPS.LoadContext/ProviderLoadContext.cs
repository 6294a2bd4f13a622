using System.Reflection;
using System.Runtime.Loader;

namespace PrefectPS.Loader;

/// <summary>Isolates a provider and its SDK, so that neither the module nor other providers get the SDK's versions of libraries.</summary>
/// <param name="folder">The provider's folder.</param>
/// <param name="module">The module's context, which has the engine.</param>
internal sealed class ProviderLoadContext(string folder, ModuleLoadContext module) : AssemblyLoadContext($"PrefectPS.{Path.GetFileName(folder)}")
{
    /// <summary>Finds an assembly in the provider's folder; null if it is not there.</summary>
    public Assembly? Find(AssemblyName assemblyName)
    {
        var path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    protected override Assembly? Load(AssemblyName assemblyName) => Find(assemblyName) ?? module.Find(assemblyName);
}
