using System.Text.Json;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Interns a report's texts: each is written once and referenced by number.</summary>
internal sealed class ReportTexts
{
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);

    /// <summary>Gets a text's number.</summary>
    public int IndexOf(string text)
    {
        if (!_texts.TryGetValue(text, out var index))
            _texts.Add(text, index = _texts.Count);
        return index;
    }

    /// <summary>Writes the texts in order.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("texts");
        foreach (var text in _texts.OrderBy(text => text.Value))
            json.WriteStringValue(text.Key);
        json.WriteEndArray();
    }
}
