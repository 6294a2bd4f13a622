using System.Globalization;
using System.Text.RegularExpressions;

namespace PrefectPS.Results;

/// <summary>Formats a regular expression as text: options, match timeout if any, pattern.</summary>
internal static class RegexText
{
    private const char End = ' ';
    private const char Between = ',';

    /// <summary>Formats as <c>1 a+</c>, or <c>1,20000000 a+</c> with a match timeout of two seconds.</summary>
    public static string Of(Regex regex)
    {
        var limit = regex.MatchTimeout == Regex.InfiniteMatchTimeout ? string.Empty : Between + regex.MatchTimeout.Ticks.ToString(CultureInfo.InvariantCulture);
        return $"{((int)regex.Options).ToString(CultureInfo.InvariantCulture)}{limit}{End}{regex}";
    }

    /// <summary>Parses what <see cref="Of"/> wrote.</summary>
    /// <exception cref="FormatException">The text is malformed.</exception>
    /// <exception cref="ArgumentException">The pattern is invalid.</exception>
    public static Regex Read(string text)
    {
        var end = text.IndexOf(End);
        if (end < 0)
            throw new FormatException("a regular expression has options and a pattern");
        var head = text.Substring(0, end).Split(Between);
        var limit = head.Length == 1 ? Regex.InfiniteMatchTimeout : TimeSpan.FromTicks(long.Parse(head[1], CultureInfo.InvariantCulture));
        return new(text.Substring(end + 1), (RegexOptions)int.Parse(head[0], CultureInfo.InvariantCulture), limit);
    }
}
