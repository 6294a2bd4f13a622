using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace PrefectPS.Integration.Tests.Reports;

/// <summary>How large a browser has printed a page.</summary>
internal static partial class PrintedScale
{
    /// <summary>How many points a pixel has on the first page of a PDF of Chromium's: the product of the first two scales of what draws it.</summary>
    public static double Of(byte[] pdf)
    {
        var text = Encoding.Latin1.GetString(pdf);
        foreach (Match stream in Streams().Matches(text))
        {
            if (Scales().Match(Inflate(pdf.AsSpan(stream.Groups["content"].Index, stream.Groups["content"].Length).ToArray())) is { Success: true } scales)
                return Number(scales.Groups["page"]) * Number(scales.Groups["content"]);
        }

        throw new InvalidDataException("The PDF has no page that begins with two scales.");
    }

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    private static string Inflate(byte[] content)
    {
        try
        {
            using var inflated = new StreamReader(new ZLibStream(new MemoryStream(content), CompressionMode.Decompress), Encoding.Latin1);
            return inflated.ReadToEnd();
        }
        catch (InvalidDataException)
        {
            return string.Empty; // not compressed, or otherwise: no page
        }
    }

    [GeneratedRegex(@"stream\r?\n(?<content>.*?)endstream", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Streams();

    [GeneratedRegex(@"^(?<page>[0-9.]+) 0 0 -?[0-9.]+ [-0-9. ]+ cm\s+q\s+(?<content>[0-9.]+) 0 0 ", RegexOptions.ExplicitCapture)]
    private static partial Regex Scales();
}
