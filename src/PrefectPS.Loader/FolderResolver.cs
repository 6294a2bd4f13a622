#if NETSTANDARD
using System.Reflection;

namespace PrefectPS.Loader;

/// <summary>
/// Finds the module's dependencies in Windows PowerShell, which has no binding redirects for them: an assembly of another version
/// than the one asked for is taken from the module's folder, but only for an assembly that came from there itself.
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
        lock (Gate)
        {
            if (!Folders.Contains(folder))
                return null;
        }

        var path = Path.Combine(folder, new AssemblyName(args.Name).Name + ".dll");
        return File.Exists(path) ? Assembly.LoadFrom(path) : null;
    }
}
#endif
