using System.Text;

namespace PrefectPS.Flows;

/// <summary>Converts strftime date formats, used by Prefect's templates, to .NET formats.</summary>
internal static class Strftime
{
    private static readonly Dictionary<char, string> Codes = new()
    {
        ['Y'] = "yyyy",
        ['y'] = "yy",
        ['m'] = "MM",
        ['d'] = "dd",
        ['H'] = "HH",
        ['I'] = "hh",
        ['M'] = "mm",
        ['S'] = "ss",
        ['f'] = "ffffff",
        ['p'] = "tt",
        ['a'] = "ddd",
        ['A'] = "dddd",
        ['b'] = "MMM",
        ['B'] = "MMMM",
        ['F'] = "yyyy-MM-dd",
        ['T'] = "HH':'mm':'ss",
        ['z'] = "zzz",
        ['%'] = "'%'",
    };

    /// <summary>Converts a format for <see cref="DateTime.ToString(string)"/>; null if .NET has no equivalent of a code.</summary>
    public static string? ToNetFormat(string format)
    {
        var net = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
                net.Append('\\').Append(format[i]);
            else if (++i < format.Length && Codes.TryGetValue(format[i], out var code))
                net.Append(code);
            else
                return null;
        }

        // A single letter would be read as a standard format.
        return net.Length == 1 ? "%" + net : net.ToString();
    }
}
