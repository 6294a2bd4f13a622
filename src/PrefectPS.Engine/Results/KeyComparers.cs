using System.Collections;
using System.Collections.Specialized;
using System.Reflection;

namespace PrefectPS.Results;

/// <summary>Names the comparers of dictionaries and sets in documents.</summary>
internal static class KeyComparers
{
    /// <summary>Names the keys' own, case-sensitive equality.</summary>
    public const string Exact = "exact";

    // The property is protected and thus part of Hashtable's contract with derived classes; nothing public returns the comparer.
    private static readonly Func<Hashtable, IEqualityComparer?> ComparerOf = (Func<Hashtable, IEqualityComparer?>)Delegate.CreateDelegate(
        typeof(Func<Hashtable, IEqualityComparer?>), typeof(Hashtable).GetProperty("EqualityComparer", BindingFlags.Instance | BindingFlags.NonPublic)!.GetMethod!);

    private static readonly (string Name, StringComparer Comparer)[] Known =
    [
        ("ordinal", StringComparer.Ordinal), ("ordinalIgnoreCase", StringComparer.OrdinalIgnoreCase),
        ("invariant", StringComparer.InvariantCulture), ("invariantIgnoreCase", StringComparer.InvariantCultureIgnoreCase),
        ("culture", StringComparer.CurrentCulture), ("cultureIgnoreCase", StringComparer.CurrentCultureIgnoreCase),
    ];

    /// <summary>Names a collection's comparer; null for its type's default (for untyped dictionaries: ignoring case).</summary>
    /// <exception cref="ValueFaultException">The comparer is not a known one.</exception>
    public static string? NameOf(object collection) => collection switch
    {
        Hashtable table => collection.GetType() == typeof(Hashtable) && !(ComparerOf(table)?.Equals("a", "A") ?? false) ? Exact : null,
        OrderedDictionary ordered => IsExact(ordered) ? Exact : null,
        _ => collection.GetType() is { IsGenericType: true } type && type.GetProperty("Comparer")?.GetValue(collection) is { } comparer ? NameOf(comparer, collection) : null,
    };

    /// <summary>Finds a comparer by name.</summary>
    /// <exception cref="FormatException">The name is unknown.</exception>
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

    // The comparer is not exposed; looking up the first key with a letter in the other case reveals it.
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
