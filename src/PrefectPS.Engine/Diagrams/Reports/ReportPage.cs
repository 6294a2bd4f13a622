using System.Security.Cryptography;
using System.Text;

namespace PrefectPS.Diagrams.Reports;

/// <summary>The static part of a report: template, style, scripts, and the content security policy that allows nothing else.</summary>
internal sealed class ReportPage
{
    private const string ResourcePrefix = "Report/";

    // In dependency order.
    private static readonly string[] ScriptNames =
        ["dom", "format", "run", "theme", "summary", "problems", "viewport", "graph", "timescale", "timeline", "table", "details", "main"];

    private static readonly Lazy<ReportPage> Shared = new(() => new());

    private readonly string[] _scripts = Array.ConvertAll(ScriptNames, name => "\n" + Read(name + ".js"));

    private ReportPage()
    {
        Template = Read("report.html");
        Style = "\n" + Read("report.css") + StateStyles.Text;
        Scripts = string.Join("\n", _scripts.Select(script => $"<script>{script}</script>"));
        Policy = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
            + $"style-src {Hash(Style)}; script-src {string.Join(" ", _scripts.Select(Hash))}";
    }

    /// <summary>The shared instance.</summary>
    public static ReportPage Instance => Shared.Value;

    /// <summary>The HTML with <c>{{placeholder}}</c>s.</summary>
    public string Template { get; }

    /// <summary>The style sheet.</summary>
    public string Style { get; }

    /// <summary>The script elements.</summary>
    public string Scripts { get; }

    /// <summary>The content security policy: no network, and only this style and these scripts, by hash.</summary>
    public string Policy { get; }

    private static string Hash(string content)
    {
        using var sha = SHA256.Create();
        return $"'sha256-{Convert.ToBase64String(sha.ComputeHash(Encoding.UTF8.GetBytes(content)))}'";
    }

    // Browsers normalize line ends before hashing.
    private static string Read(string name)
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream(ResourcePrefix + name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace("\r\n", "\n");
    }
}
