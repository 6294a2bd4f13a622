using System.Collections;
using System.Collections.Specialized;
using System.Reflection;

namespace PrefectPS.Results;

/// <summary>What tells the keys of a dictionary or the elements of a set apart, or orders them.</summary>
internal static class KeyComparers
{
    /// <summary>The name of none: the keys' own equality, in which case counts.</summary>
    public const string Exact = "exact";

    // Protected, and so part of what a Hashtable promises to those that derive from it; there is no other way to ask.
    private static readonly Func<Hashtable, IEqualityComparer?> ComparerOf = (Func<Hashtable, IEqualityComparer?>)Delegate.CreateDelegate(
        typeof(Func<Hashtable, IEqualityComparer?>), typeof(Hashtable).GetProperty("EqualityComparer", BindingFlags.Instance | BindingFlags.NonPublic)!.GetMethod!);

    private static readonly (string Name, StringComparer Comparer)[] Known =
    [
        ("ordinal", StringComparer.Ordinal), ("ordinalIgnoreCase", StringComparer.OrdinalIgnoreCase),
        ("invariant", StringComparer.InvariantCulture), ("invariantIgnoreCase", StringComparer.InvariantCultureIgnoreCase),
        ("culture", StringComparer.CurrentCulture), ("cultureIgnoreCase", StringComparer.CurrentCultureIgnoreCase),
    ];

    /// <summary>The name of a collection's comparer; null for the one that its type has unless told otherwise: of the untyped ones, which ignores case.</summary>
    /// <exception cref="ValueFaultException">It has none of the known ones.</exception>
    public static string? NameOf(object collection) => collection switch
    {
        Hashtable table => collection.GetType() == typeof(Hashtable) && !(ComparerOf(table)?.Equals("a", "A") ?? false) ? Exact : null,
        OrderedDictionary ordered => IsExact(ordered) ? Exact : null,
        _ => collection.GetType() is { IsGenericType: true } type && type.GetProperty("Comparer")?.GetValue(collection) is { } comparer ? NameOf(comparer, collection) : null,
    };

    /// <summary>The comparer of a name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static object? Find(string name) =>
        name == Exact ? StringComparer.Ordinal
        : Array.Find(Known, known => known.Name == name).Comparer ?? throw new FormatException($"the comparer '{name}' is not known");

    private static string? NameOf(object comparer, object collection)
    {
        if (IsDefault(comparer))
            return null;
        if (Array.Find(Known, known => known.Comparer.Equals(comparer)).Name is { } name)
            return name == "ordinal" && !IsSorted(collection) ? null : name;
        throw new ValueFaultException($"its keys are compared by a {comparer.GetType()}, which does not exist in other processes")
        {
            Remedy = "Return it with a comparer of [StringComparer], or as [ordered] table",
        };
    }

    private static bool IsSorted(object collection) => collection.GetType().Name.StartsWith("Sorted", StringComparison.Ordinal);

    private static bool IsDefault(object comparer)
    {
        for (var type = comparer.GetType(); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(EqualityComparer<>) || type.GetGenericTypeDefinition() == typeof(Comparer<>)))
                return ReferenceEquals(type.GetProperty("Default", BindingFlags.Public | BindingFlags.Static)!.GetValue(null), comparer);
        }

        return false;
    }

    // It does not say: the first key with a letter tells.
    private static bool IsExact(OrderedDictionary ordered)
    {
        foreach (var key in ordered.Keys)
        {
            if (key is not string text)
                continue;
            var other = text.ToUpperInvariant() is var upper && upper != text ? upper : text.ToLowerInvariant();
            if (other != text)
                return !ordered.Contains(other);
        }

        return false;
    }
}
