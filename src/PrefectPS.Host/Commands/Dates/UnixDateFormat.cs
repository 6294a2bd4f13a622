using System.Globalization;
using System.Text;

namespace PrefectPS.Host.Commands.Dates;

/// <summary>Formats a date by the percent specifiers of the Unix <c>date</c> command, as Get-Date -UFormat has them.</summary>
internal static class UnixDateFormat
{
    private const int DaysOfWeek = 7;

    /// <summary>Specifiers that are a .NET format.</summary>
    private static readonly Dictionary<char, string> Formats = new()
    {
        ['A'] = "dddd",
        ['a'] = "ddd",
        ['B'] = "MMMM",
        ['b'] = "MMM",
        ['c'] = "ddd dd MMM yyyy HH:mm:ss",
        ['D'] = "MM/dd/yy",
        ['d'] = "dd",
        ['F'] = "yyyy-MM-dd",
        ['H'] = "HH",
        ['h'] = "MMM",
        ['I'] = "hh",
        ['M'] = "mm",
        ['m'] = "MM",
        ['p'] = "tt",
        ['R'] = "HH:mm",
        ['r'] = "hh:mm:ss tt",
        ['S'] = "ss",
        ['T'] = "HH:mm:ss",
        ['X'] = "HH:mm:ss",
        ['x'] = "MM/dd/yy",
        ['Y'] = "yyyy",
        ['y'] = "yy",
        ['Z'] = "zz",
    };

    /// <summary>Specifiers that are counted.</summary>
    private static readonly Dictionary<char, Func<DateTime, string>> Numbers = new()
    {
        ['C'] = static date => Text(date.Year / 100, "00"),
        ['e'] = static date => Text(date.Day, "0").PadLeft(2),
        ['G'] = static date => Text(ISOWeek.GetYear(date), "0000"),
        ['g'] = static date => Text(ISOWeek.GetYear(date) % 100, "00"),
        ['j'] = static date => Text(date.DayOfYear, "000"),
        ['k'] = static date => Text(date.Hour, "0").PadLeft(2),
        ['l'] = static date => date.ToString("%h", CultureInfo.InvariantCulture).PadLeft(2),
        ['s'] = static date => Text(new DateTimeOffset(date).ToUnixTimeSeconds(), "0"),
        ['U'] = static date => Text(date.DayOfYear / DaysOfWeek, "0"),
        ['u'] = static date => Text(date.DayOfWeek == DayOfWeek.Sunday ? DaysOfWeek : (int)date.DayOfWeek, "0"),
        ['V'] = static date => Text(ISOWeek.GetWeekOfYear(date), "00"),
        ['W'] = static date => Text(date.DayOfYear / DaysOfWeek, "0"),
        ['w'] = static date => Text((int)date.DayOfWeek, "0"),
    };

    public static string Format(DateTime date, string format)
    {
        var text = new StringBuilder();
        for (var index = format.StartsWith('+') ? 1 : 0; index < format.Length; index++)
        {
            if (format[index] == '%' && index + 1 < format.Length)
                text.Append(Specified(date, format[++index]));
            else
                text.Append(format[index]);
        }

        return text.ToString();
    }

    private static string Specified(DateTime date, char specifier)
    {
        if (Formats.TryGetValue(specifier, out var format))
            return date.ToString(format, CultureInfo.CurrentCulture);
        if (Numbers.TryGetValue(specifier, out var number))
            return number(date);
        return specifier switch
        {
            'n' => "\n",
            't' => "\t",
            _ => specifier.ToString(),
        };
    }

    private static string Text(long number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
