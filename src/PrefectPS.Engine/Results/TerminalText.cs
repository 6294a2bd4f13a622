using System.Text.RegularExpressions;

namespace PrefectPS.Results;

/// <summary>Makes a text fit for a terminal: nothing in it commands the terminal, moves its cursor or turns the direction of what follows.</summary>
public static class TerminalText
{
    private const char Replacement = '\uFFFD';

    private static readonly Regex Colours = new("\u001b\\[[0-9;:]*m", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    /// <summary>The text, each character that commands a terminal replaced by the one for what cannot be shown; line feeds and tabs stay.</summary>
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

    /// <summary>The text without what colours it: as it reads.</summary>
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

    // A carriage return before a line feed ends a line; alone it would write over what stands there.
    private static bool IsCommand(string text, int at) => text[at] switch
    {
        '\n' or '\t' => false,
        '\r' => at + 1 >= text.Length || text[at + 1] != '\n',
        < ' ' or (>= '\u007f' and <= '\u009f') => true,
        < '\u200b' => false,
        var c => c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'),
    };
}
