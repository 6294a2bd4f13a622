using System.Collections;
using System.Collections.Specialized;

namespace PrefectPS.Results;

/// <summary>Restores dictionaries as the type that was serialized, their entries in order.</summary>
internal static class DictionaryTypes
{
    /// <summary>True if a type is a dictionary.</summary>
    public static bool Is(Type type) => typeof(IDictionary).IsAssignableFrom(type);

    /// <summary>The key and value types.</summary>
    public static (Type Key, Type Value) ElementsOf(Type type) =>
        type.IsGenericType && type.GetGenericArguments() is [{ } key, { } value] ? (key, value) : (typeof(object), typeof(object));

    /// <summary>Creates a dictionary of these entries.</summary>
    /// <param name="type">The dictionary's type.</param>
    /// <param name="pairs">The entries, in order.</param>
    /// <param name="comparer">The comparer of the keys; null for the default.</param>
    /// <param name="adapter">Converts types of the language.</param>
    /// <exception cref="FormatException">A key is duplicated, or an entry has another type.</exception>
    public static IDictionary Create(Type type, IReadOnlyList<KeyValuePair<object, object?>> pairs, object? comparer, IValueAdapter adapter)
    {
        if (comparer is null && (type == typeof(Hashtable) || type == typeof(OrderedDictionary)))
            return CreateUntyped(type, pairs, adapter);
        return Fill((IDictionary)Activator.CreateInstance(type, comparer is null ? [] : [comparer])!, pairs, adapter);
    }

    // Case-sensitive only where two keys differ only in case; otherwise keys ignore case, as in PowerShell.
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
