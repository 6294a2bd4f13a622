using System.Collections;

namespace PrefectPS.Results;

/// <summary>The entries of any dictionary: a generic one, such as <c>$PSBoundParameters</c>, enumerates pairs of its own type where it is taken for a list.</summary>
public static class MapEntries
{
    /// <summary>The entries, in the dictionary's order.</summary>
    public static IEnumerable<DictionaryEntry> Of(IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
            yield return entry;
    }
}
