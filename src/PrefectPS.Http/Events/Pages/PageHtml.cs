using System.Net;
using System.Security.Cryptography;
using System.Text;
using PrefectPS.Http.Serving;
using PrefectPS.Results;

namespace PrefectPS.Http.Events.Pages;

/// <summary>Builds a self-contained HTML page without scripts, escaping all texts.</summary>
internal sealed class PageHtml
{
    private const string Source = """
        :root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:1rem;max-width:38rem;overflow-wrap:anywhere}
        h1{font-size:1.4rem;line-height:1.25}
        dl{display:grid;grid-template-columns:minmax(5rem,auto) 1fr;gap:.25rem 1rem;margin:1rem 0}
        dt{font-weight:600}
        dd{margin:0;white-space:pre-wrap}
        .field,fieldset{margin:1rem 0;padding:0;border:0;min-width:0}
        legend{padding:0}
        .field>label,legend{font-weight:600}
        fieldset label,.switch label{display:block;padding:.35rem 0;font-weight:400}
        input:not([type=radio],[type=checkbox]),select,textarea{display:block;width:100%;padding:.5rem;font:inherit;border:1px solid #767676;border-radius:.25rem}
        input[type=radio],input[type=checkbox]{width:1.25rem;height:1.25rem;vertical-align:middle;margin:0 .5rem 0 0}
        .help,.hint{margin:.25rem 0;font-size:.9rem}
        .hint{font-weight:400}
        .error{margin:.25rem 0;font-weight:600;color:#b00020}
        .box{padding:.75rem 1rem;border:1px solid;border-left-width:.4rem;border-radius:.25rem}
        button{font:inherit;font-weight:600;padding:.65rem 1.5rem;border:1px solid #0b57d0;border-radius:.25rem;background:#0b57d0;color:#fff;cursor:pointer}
        :focus-visible{outline:3px solid #0b57d0;outline-offset:2px}
        @media(prefers-color-scheme:dark){.error{color:#ffb4ab}:focus-visible{outline-color:#a8c7fa}}
        """;

    // Browsers normalize line ends before hashing.
    private static readonly string Style = Source.Replace("\r", string.Empty);

    private static readonly KeyValuePair<string, string>[] Headers =
    [
        new("Content-Security-Policy", $"default-src 'none'; style-src 'sha256-{HashOf(Style)}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"),
        new("Cache-Control", "no-store"),
        new("Referrer-Policy", "no-referrer"),
        new("X-Frame-Options", "DENY"),
        new("X-Content-Type-Options", "nosniff"),
        new("X-Robots-Tag", "noindex, nofollow"),
        new("Cross-Origin-Opener-Policy", "same-origin"),
    ];

    private readonly StringBuilder _html = new();

    public PageHtml(string title)
    {
        _html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
        Text(title);
        _html.Append("</title>\n<style>").Append(Style).Append("</style>\n</head>\n<body>\n<main>\n<h1>");
        Text(title);
        _html.Append("</h1>\n");
    }

    /// <summary>Escapes a text for HTML content and attributes.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(TerminalText.Of(text));

    /// <summary>Appends raw HTML.</summary>
    public PageHtml Raw(string html)
    {
        _html.Append(html);
        return this;
    }

    /// <summary>Appends an escaped text.</summary>
    public PageHtml Text(string text) => Raw(Escape(text));

    /// <summary>Appends an element with a text.</summary>
    public PageHtml Element(string name, string text, string attributes = "") => Raw($"<{name}{attributes}>").Text(text).Raw($"</{name}>\n");

    /// <summary>Appends a definition list.</summary>
    public PageHtml Facts(IEnumerable<(string Name, string Text)> facts)
    {
        Raw("<dl>\n");
        foreach (var (name, text) in facts)
            Element("dt", name).Element("dd", text);
        return Raw("</dl>\n");
    }

    /// <summary>Completes the page.</summary>
    public ResponseContent ToContent() => new("text/html; charset=utf-8", Encoding.UTF8.GetBytes(_html + "</main>\n</body>\n</html>\n"), Headers);

    private static string HashOf(string text)
    {
        using var sha = SHA256.Create();
        return Convert.ToBase64String(sha.ComputeHash(Encoding.UTF8.GetBytes(text)));
    }
}
