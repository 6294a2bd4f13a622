using System.Text;
using System.Text.Json;

namespace PrefectPS.Documents;

/// <summary>Names that are expected in a document: reading one of them makes no new text.</summary>
internal sealed class NameTable
{
    // By length, then few enough to compare each.
    private readonly KeyValuePair<byte[], string>[][] _byLength;

    public NameTable(IEnumerable<string> names)
    {
        var encoded = names.Select(name => new KeyValuePair<byte[], string>(Encoding.UTF8.GetBytes(name), name)).ToArray();
        _byLength = new KeyValuePair<byte[], string>[encoded.Max(name => name.Key.Length) + 1][];
        for (var length = 0; length < _byLength.Length; length++)
            _byLength[length] = [.. encoded.Where(name => name.Key.Length == length)];
    }

    /// <summary>The text of the reader's token, where it is one of the names.</summary>
    public string? Find(ref Utf8JsonReader json)
    {
        var text = json.ValueSpan;
        if (json.ValueIsEscaped || text.Length >= _byLength.Length)
            return null;
        foreach (var name in _byLength[text.Length])
        {
            if (text.SequenceEqual(name.Key))
                return name.Value;
        }

        return null;
    }
}
