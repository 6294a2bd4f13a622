using System.Text.Json;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Texts that a report has once and names by number: most tasks say the same.</summary>
internal sealed class ReportTexts
{
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);

    /// <summary>The number of a text.</summary>
    public int IndexOf(string text)
    {
        if (!_texts.TryGetValue(text, out var index))
            _texts.Add(text, index = _texts.Count);
        return index;
    }

    /// <summary>Writes all of them, in the order of their numbers.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("texts");
        foreach (var text in _texts.OrderBy(text => text.Value))
            json.WriteStringValue(text.Key);
        json.WriteEndArray();
    }
}
