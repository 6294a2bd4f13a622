using System.Collections;

namespace PrefectPS.Results;

/// <summary>Enumerates any dictionary as <see cref="DictionaryEntry"/>; a generic one, such as <c>$PSBoundParameters</c>, otherwise yields pairs of its own type.</summary>
public static class DictionaryEntries
{
    /// <summary>Enumerates the entries of a dictionary.</summary>
    public static IEnumerable<DictionaryEntry> Of(IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
            yield return entry;
    }
}
