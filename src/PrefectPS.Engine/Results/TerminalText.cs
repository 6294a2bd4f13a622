using System.Text.RegularExpressions;

namespace PrefectPS.Results;

/// <summary>Neutralizes terminal control characters and bidirectional overrides in texts.</summary>
public static class TerminalText
{
    private const char Replacement = '\uFFFD';

    private static readonly Regex Colours = new("\u001b\\[[0-9;:]*m", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    /// <summary>Replaces control characters by the replacement character; line feeds and tabs stay.</summary>
    public static string Of(string text)
    {
        var first = IndexOf(text, 0);
        if (first < 0)
            return text;
        var shown = text.ToCharArray();
        for (var at = first; at >= 0; at = IndexOf(text, at + 1))
            shown[at] = Replacement;
        return new(shown);
    }

    /// <summary>Removes ANSI colours.</summary>
    public static string WithoutColours(string text) => text.Contains('\u001b') ? Colours.Replace(text, string.Empty) : text;

    private static int IndexOf(string text, int start)
    {
        for (var at = start; at < text.Length; at++)
        {
            if (IsCommand(text, at))
                return at;
        }

        return -1;
    }

    // A carriage return is harmless before a line feed; alone it would overwrite the line.
    private static bool IsCommand(string text, int at) => text[at] switch
    {
        '\n' or '\t' => false,
        '\r' => at + 1 >= text.Length || text[at + 1] != '\n',
        < ' ' or (>= '\u007f' and <= '\u009f') => true,
        < '\u200b' => false,
        var c => c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'),
    };
}
