using System.Net;
using System.Text;
using PrefectPS.Flows;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Writes a run as one self-contained HTML page.</summary>
public static class FlowReport
{
    /// <summary>Streams the page as UTF-8; a run of any size is never held as one string.</summary>
    /// <param name="output">The output.</param>
    /// <param name="run">The run.</param>
    /// <param name="history">The run's recorded history.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="FlowException">A shown result cannot be read.</exception>
    public static void Write(Stream output, FlowState run, ReportHistory history, ReportOptions options)
    {
        var page = ReportPage.Instance;
        var data = new ReportData(run, history, options);
        var template = page.Template;
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf("{{", at, StringComparison.Ordinal);
            if (open < 0)
                open = template.Length;
            WriteText(output, template.Substring(at, open - at));
            if (open == template.Length)
                break;
            var close = template.IndexOf("}}", open, StringComparison.Ordinal);
            WritePart(output, template.Substring(open + 2, close - open - 2), page, data);
            at = close + 2;
        }
    }

    private static void WritePart(Stream output, string part, ReportPage page, ReportData data)
    {
        switch (part)
        {
            case "policy":
                WriteText(output, page.Policy);
                break;
            case "title":
                WriteText(output, WebUtility.HtmlEncode(data.Title));
                break;
            case "style":
                WriteText(output, page.Style);
                break;
            case "scripts":
                WriteText(output, page.Scripts);
                break;
            case "data":
                data.Write(output);
                break;
            default:
                throw new InvalidOperationException($"The report's page has a place for '{part}', which nothing fills.");
        }
    }

    private static void WriteText(Stream output, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        output.Write(bytes, 0, bytes.Length);
    }
}
