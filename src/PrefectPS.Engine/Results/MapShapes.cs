using System.Collections;
using System.Collections.Specialized;

namespace PrefectPS.Results;

/// <summary>The dictionaries that come back as the type that they were, their entries in order.</summary>
internal static class MapShapes
{
    /// <summary>Whether a type is a dictionary.</summary>
    public static bool Is(Type type) => typeof(IDictionary).IsAssignableFrom(type);

    /// <summary>The types of keys and values.</summary>
    public static (Type Key, Type Value) ElementsOf(Type type) =>
        type.IsGenericType && type.GetGenericArguments() is [{ } key, { } value] ? (key, value) : (typeof(object), typeof(object));

    /// <summary>A dictionary of these entries.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="pairs">The entries, in order.</param>
    /// <param name="comparer">What tells its keys apart, or orders them; null for the type's own.</param>
    /// <param name="adapter">Wraps what only the language wraps.</param>
    /// <exception cref="FormatException">A key is there twice, or an entry is of another type.</exception>
    public static IDictionary Create(Type type, IReadOnlyList<KeyValuePair<object, object?>> pairs, object? comparer, IValueAdapter adapter)
    {
        if (comparer is null && (type == typeof(Hashtable) || type == typeof(OrderedDictionary)))
            return CreateUntyped(type, pairs, adapter);
        return Fill((IDictionary)Activator.CreateInstance(type, comparer is null ? [] : [comparer])!, pairs, adapter);
    }

    // Keys that only their case tells apart are kept apart; for all others case does not count, as in PowerShell.
    private static IDictionary CreateUntyped(Type type, IReadOnlyList<KeyValuePair<object, object?>> pairs, IValueAdapter adapter)
    {
        var map = New(type, StringComparer.OrdinalIgnoreCase);
        foreach (var pair in pairs)
        {
            if (map.Contains(pair.Key))
                return Fill(New(type, StringComparer.Ordinal), pairs, adapter);
            map.Add(pair.Key, pair.Value);
        }

        return map;
    }

    private static IDictionary New(Type type, StringComparer comparer) => type == typeof(Hashtable) ? new Hashtable(comparer) : new OrderedDictionary(comparer);

    private static IDictionary Fill(IDictionary map, IReadOnlyList<KeyValuePair<object, object?>> pairs, IValueAdapter adapter)
    {
        var (keys, values) = ElementsOf(map.GetType());
        foreach (var pair in pairs)
        {
            var key = ItemConverter.Convert(pair.Key, keys, adapter)!;
            if (map.Contains(key))
                throw new FormatException($"the object has '{key}' twice");
            map.Add(key, ItemConverter.Convert(pair.Value, values, adapter));
        }

        return map;
    }
}
