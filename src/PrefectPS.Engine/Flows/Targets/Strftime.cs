using System.Text;

namespace PrefectPS.Flows;

/// <summary>Date formats of C's strftime, as Prefect's templates use them, in .NET's words.</summary>
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

    /// <summary>The same format for <see cref="DateTime.ToString(string)"/>; null where it has a code that .NET has no word for.</summary>
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

        // A lone letter would be read as one of .NET's standard formats.
        return net.Length == 1 ? "%" + net : net.ToString();
    }
}
