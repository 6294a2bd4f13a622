using System.Collections;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>The entries of a hashtable of names and values.</summary>
internal static class NamedValues
{
    /// <summary>Sorted by name: a hashtable has no order, but the same flow must have the same fingerprint.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> InOrder(IDictionary map) => map.Count == 0 ? [] : // as mostly; LINQ over pairs is slow at first
        DictionaryEntries.Of(map)
            .Select(e => new KeyValuePair<string, object?>(e.Key.ToString()!, PowerShellValues.Instance.Unwrap(e.Value)))
            .OrderBy(p => p.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>A case-insensitive lookup by name.</summary>
    public static IReadOnlyDictionary<string, object?> ByName(IDictionary map)
    {
        var table = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in InOrder(map))
            table[entry.Key] = entry.Value;
        return table;
    }
}
