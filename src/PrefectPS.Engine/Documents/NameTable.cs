using System.Text;
using System.Text.Json;

namespace PrefectPS.Documents;

/// <summary>Interns the expected names of a document: matching one allocates no string.</summary>
internal sealed class NameTable
{
    // Bucketed by length; buckets are small enough to scan.
    private readonly Entry[][] _byLength;

    public NameTable(IEnumerable<string> names)
    {
        var entries = names.Select((name, index) => new Entry(Encoding.UTF8.GetBytes(name), name, index)).ToArray();
        _byLength = new Entry[entries.Max(entry => entry.Encoded.Length) + 1][];
        for (var length = 0; length < _byLength.Length; length++)
            _byLength[length] = [.. entries.Where(entry => entry.Encoded.Length == length)];
    }

    /// <summary>Finds the token among the names; null for none.</summary>
    public string? Find(ref Utf8JsonReader json) => Find(ref json, out _);

    /// <summary>Finds the token among the names; null for none.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="index">The name's index; -1 for none.</param>
    public string? Find(ref Utf8JsonReader json, out int index)
    {
        var text = json.ValueSpan;
        if (!json.ValueIsEscaped && text.Length < _byLength.Length)
        {
            foreach (var entry in _byLength[text.Length])
            {
                if (text.SequenceEqual(entry.Encoded))
                {
                    index = entry.Index;
                    return entry.Name;
                }
            }
        }

        index = -1;
        return null;
    }

    /// <summary>Finds a name's index; -1 for none. For tokens with escapes, which <see cref="Find(ref Utf8JsonReader)"/> does not match.</summary>
    public int IndexOf(string text)
    {
        foreach (var entry in text.Length < _byLength.Length ? _byLength[text.Length] : [])
        {
            if (string.Equals(entry.Name, text, StringComparison.Ordinal))
                return entry.Index;
        }

        return -1;
    }

    private sealed record Entry(byte[] Encoded, string Name, int Index);
}
