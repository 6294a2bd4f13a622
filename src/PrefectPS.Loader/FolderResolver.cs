using System.Reflection;

namespace PrefectPS.Loader;

/// <summary>
/// Resolves the module's dependencies in Windows PowerShell, which has no binding redirects for them. An assembly that came from the module's folder, or from a
/// provider's subfolder, gets its dependencies from there whatever their version; other assemblies get only the module's engine.
/// </summary>
internal static class FolderResolver
{
    private const string EngineAssembly = "PrefectPS.Engine";

    private static readonly object Gate = new();
    private static readonly HashSet<string> Folders = new(StringComparer.OrdinalIgnoreCase);
    private static string? _first;

    public static void Register(string folder)
    {
        lock (Gate)
        {
            var path = Path.GetFullPath(folder);
            if (_first is null)
                AppDomain.CurrentDomain.AssemblyResolve += Resolve;
            _first ??= path;
            Folders.Add(path);
        }
    }

    private static Assembly? Resolve(object? sender, ResolveEventArgs args)
    {
        var wanted = new AssemblyName(args.Name);
        if (PathFor(args.RequestingAssembly, wanted.Name) is not { } path)
            return null;
        var found = Assembly.LoadFrom(path);
        return wanted.Name == EngineAssembly ? EngineVersion.Check(wanted, found) : found;
    }

    private static string? PathFor(Assembly? requester, string name)
    {
        if (requester is { IsDynamic: false, Location: { Length: > 0 } location })
        {
            var folder = Path.GetDirectoryName(location)!;
            if (IsRegistered(folder))
                return Find(folder, name) ?? Find(ProviderFolder.Of(folder, name), name);
            if (Path.GetDirectoryName(folder) is { } module && IsRegistered(module))
                return Find(module, name) ?? Find(folder, name);
        }

        return name == EngineAssembly || NeedsEngine(requester) ? Find(FirstFolder(), name) : null;
    }

    private static bool NeedsEngine(Assembly? requester)
    {
        if (requester is null or { IsDynamic: true })
            return false;
        foreach (var needed in requester.GetReferencedAssemblies())
        {
            if (needed.Name == EngineAssembly)
                return true;
        }

        return false;
    }

    private static string? Find(string? folder, string name) =>
        folder is not null && Path.Combine(folder, name + ".dll") is var path && File.Exists(path) ? path : null;

    private static string? FirstFolder()
    {
        lock (Gate)
            return _first;
    }

    private static bool IsRegistered(string folder)
    {
        lock (Gate)
            return Folders.Contains(folder);
    }
}
