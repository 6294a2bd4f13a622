using System.Globalization;

namespace PrefectPS.Diagrams;

/// <summary>Estimates the width of a text in an unknown font, with a margin.</summary>
internal static class TextWidth
{
    private const string Narrow = "ijl.,:;'|!()[]{} ftrI/\\`-";
    private const string Broad = "mwMW@%&";

    // Relative to the font size, for a wide common font (Verdana, DejaVu Sans).
    private const double NarrowWidth = 0.46;
    private const double UsualWidth = 0.66;
    private const double CapitalWidth = 0.8;
    private const double BroadWidth = 1.05;

    /// <summary>Estimates the width of a text.</summary>
    public static double Of(string text, double fontSize)
    {
        var width = 0.0;
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
            width += Of(text, i);
        return width * fontSize;
    }

    /// <summary>Truncates a text, marking the cut with ….</summary>
    public static string Cut(string text, int most)
    {
        var elements = StringInfo.ParseCombiningCharacters(text);
        return elements.Length <= most ? text : text.Remove(elements[most - 1]) + "…";
    }

    private static double Of(string text, int index)
    {
        var c = text[index];
        if (char.IsSurrogate(c) || c >= '\u2e80')
            return BroadWidth;
        return CharUnicodeInfo.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
            _ when Narrow.Contains(c) => NarrowWidth,
            _ when Broad.Contains(c) => BroadWidth,
            UnicodeCategory.UppercaseLetter => CapitalWidth,
            _ when c > '\u024f' => BroadWidth,
            _ => UsualWidth,
        };
    }
}
