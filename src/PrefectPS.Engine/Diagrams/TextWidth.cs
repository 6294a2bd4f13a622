using System.Globalization;

namespace PrefectPS.Diagrams;

/// <summary>Estimates how wide a text is where its font is not known: rather too wide than too narrow.</summary>
internal static class TextWidth
{
    private const string Narrow = "ijl.,:;'|!()[]{} ftrI/\\`-";
    private const string Broad = "mwMW@%&";

    // In the font's size; a wide common font (Verdana, DejaVu Sans) is the measure.
    private const double NarrowWidth = 0.46;
    private const double UsualWidth = 0.66;
    private const double CapitalWidth = 0.8;
    private const double BroadWidth = 1.05;

    /// <summary>The width of a text in a font of a size.</summary>
    public static double Of(string text, double fontSize)
    {
        var width = 0.0;
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
            width += Of(text, i);
        return width * fontSize;
    }

    /// <summary>The text, cut to a number of characters, with … where something was cut.</summary>
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
