using System.Collections.Concurrent;

namespace PrefectPS.Results;

/// <summary>Resolves enums by name among the loaded assemblies; never loads an assembly or runs its code.</summary>
internal static class EnumTypes
{
    private static readonly ConcurrentDictionary<string, Type> Found = new(StringComparer.Ordinal);

    /// <summary>An enum's full name; null where it is not a plain identifier.</summary>
    public static string? NameOf(Type type) => type.FullName is { } name && IsName(name) ? name : null;

    /// <summary>The loaded enum of this name; null for none. The last one loaded wins: a script that runs again defines its enums again.</summary>
    public static Type? Find(string name)
    {
        if (!IsName(name))
            return null;
        if (Found.TryGetValue(name, out var known))
            return known;
        var assemblies = AppDomain.CurrentDomain.GetAssemblies();
        for (var i = assemblies.Length - 1; i >= 0; i--)
        {
            if (assemblies[i].GetType(name, throwOnError: false) is not { IsEnum: true } type)
                continue;
            if (!assemblies[i].IsDynamic)
                Found[name] = type;
            return type;
        }

        return null;
    }

    // Other characters could name an assembly, which would then be loaded.
    private static bool IsName(string name) => name.Length > 0 && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '+');
}
