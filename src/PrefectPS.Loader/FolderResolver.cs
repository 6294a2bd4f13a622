using System.Reflection;

namespace PrefectPS.Loader;

/// <summary>
/// Finds the module's dependencies in Windows PowerShell, which has no binding redirects for them: an assembly of another version
/// than the one asked for is taken from the module's folder, or a provider's below it, but only for an assembly that came from there itself.
/// </summary>
internal static class FolderResolver
{
    private static readonly object Gate = new();
    private static readonly HashSet<string> Folders = new(StringComparer.OrdinalIgnoreCase);

    public static void Register(string folder)
    {
        lock (Gate)
        {
            if (Folders.Count == 0)
                AppDomain.CurrentDomain.AssemblyResolve += Resolve;
            Folders.Add(Path.GetFullPath(folder));
        }
    }

    private static Assembly? Resolve(object? sender, ResolveEventArgs args)
    {
        if (args.RequestingAssembly is not { IsDynamic: false, Location: { Length: > 0 } location })
            return null;
        var folder = Path.GetDirectoryName(location)!;
        var name = new AssemblyName(args.Name).Name;
        return (IsRegistered(folder) ? Find(folder, name) ?? Find(ProviderFolder.Of(folder, name), name)
            : Path.GetDirectoryName(folder) is { } module && IsRegistered(module) ? Find(module, name) ?? Find(folder, name)
            : null) is { } path
            ? Assembly.LoadFrom(path)
            : null;
    }

    private static string? Find(string? folder, string name) =>
        folder is not null && Path.Combine(folder, name + ".dll") is var path && File.Exists(path) ? path : null;

    private static bool IsRegistered(string folder)
    {
        lock (Gate)
            return Folders.Contains(folder);
    }
}
