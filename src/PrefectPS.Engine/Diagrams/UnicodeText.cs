using System.Text;

namespace PrefectPS.Diagrams;

/// <summary>Text as it can be written in UTF-8.</summary>
internal static class UnicodeText
{
    /// <summary>The text with half surrogate pairs shown as what cannot be shown; itself where it has none.</summary>
    public static string Repair(string text)
    {
        StringBuilder? repaired = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (char.IsSurrogatePair(text, i))
                i++;
            else
                (repaired ??= new(text))[i] = '\ufffd';
        }

        return repaired?.ToString() ?? text;
    }
}
