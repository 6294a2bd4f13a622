using System.Collections;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>The entries of a hashtable that gives names their values.</summary>
internal static class NamedValues
{
    /// <summary>In the order of their names: a hashtable has none of its own, and the same flow must have the same fingerprint.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> InOrder(IDictionary map) => map.Count == 0 ? [] : // as mostly; LINQ over pairs is slow at first
        DictionaryEntries.Of(map)
            .Select(e => new KeyValuePair<string, object?>(e.Key.ToString()!, PowerShellValues.Instance.Unwrap(e.Value)))
            .OrderBy(p => p.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>To be found by name, whatever its case.</summary>
    public static IReadOnlyDictionary<string, object?> ByName(IDictionary map)
    {
        var table = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in InOrder(map))
            table[entry.Key] = entry.Value;
        return table;
    }
}
