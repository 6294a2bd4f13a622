using System.Globalization;

namespace PrefectPS.Results;

/// <summary>Truncates texts to a state's limits, with a marker, and replaces lone surrogates.</summary>
internal static class TruncatedText
{
    private const string MarkStart = "… [cut: ";
    private const string MarkEnd = " characters in all]";

    /// <summary>Truncates a message or call stack.</summary>
    public static string? Long(string? text) => Fit(text, Limits.MaxTextLength);

    /// <summary>Truncates a smaller part of an error.</summary>
    public static string? Short(string? text) => Fit(text, Limits.MaxErrorPartLength);

    /// <summary>Truncates to <paramref name="max"/> characters.</summary>
    public static string? To(string? text, int max) => Fit(text, max);

    /// <summary>The index of the truncation marker; -1 where the text was not truncated.</summary>
    public static int CutAt(string text) => text.EndsWith(MarkEnd, StringComparison.Ordinal) ? text.LastIndexOf(MarkStart, StringComparison.Ordinal) : -1;

    private static string? Fit(string? text, int max) => text is null ? null : Unicode.ReplaceLoneSurrogates(text.Length <= max ? text : Cut(text, max));

    private static string Cut(string text, int max)
    {
        var mark = $"{MarkStart}{text.Length.ToString("N0", CultureInfo.InvariantCulture)}{MarkEnd}";
        var kept = max - mark.Length;
        if (char.IsHighSurrogate(text[kept - 1]))
            kept--;
        return $"{text.Substring(0, kept)}{mark}";
    }
}
