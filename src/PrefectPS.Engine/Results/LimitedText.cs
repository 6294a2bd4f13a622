using System.Globalization;

namespace PrefectPS.Results;

/// <summary>Makes a text fit for a state: cut to a length that can be read again, with a mark that says so, and of whole characters.</summary>
internal static class LimitedText
{
    private const string MarkStart = "… [cut: ";
    private const string MarkEnd = " characters in all]";

    /// <summary>A message or a call stack.</summary>
    public static string? Long(string? text) => Fit(text, Limits.MaxTextLength);

    /// <summary>A smaller part of an error.</summary>
    public static string? Short(string? text) => Fit(text, Limits.MaxErrorPartLength);

    /// <summary>A text of so many characters at most.</summary>
    public static string? To(string? text, int max) => Fit(text, max);

    /// <summary>Where the mark begins of a text that was cut; -1 for one that was not.</summary>
    public static int CutAt(string text) => text.EndsWith(MarkEnd, StringComparison.Ordinal) ? text.LastIndexOf(MarkStart, StringComparison.Ordinal) : -1;

    private static string? Fit(string? text, int max) => text is null ? null : Unicode.Mend(text.Length <= max ? text : Cut(text, max));

    private static string Cut(string text, int max)
    {
        var mark = $"{MarkStart}{text.Length.ToString("N0", CultureInfo.InvariantCulture)}{MarkEnd}";
        var kept = max - mark.Length;
        if (char.IsHighSurrogate(text[kept - 1]))
            kept--;
        return $"{text.Substring(0, kept)}{mark}";
    }
}
