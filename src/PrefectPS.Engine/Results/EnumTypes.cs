using System.Collections.Concurrent;

namespace PrefectPS.Results;

/// <summary>Enums by name, among those that are loaded. No assembly is loaded for the sake of one, and no code of it is run.</summary>
internal static class EnumTypes
{
    private static readonly ConcurrentDictionary<string, Type> Found = new(StringComparer.Ordinal);

    /// <summary>The name of an enum; null where it has none that is only a name.</summary>
    public static string? NameOf(Type type) => type.FullName is { } name && IsName(name) ? name : null;

    /// <summary>The enum of a name; null where none is loaded. Of several the one that was made last, as a script that is run again makes them.</summary>
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

    // Anything else in it could name another assembly, which would be loaded.
    private static bool IsName(string name) => name.Length > 0 && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '+');
}
