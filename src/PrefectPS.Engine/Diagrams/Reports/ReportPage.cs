using System.Security.Cryptography;
using System.Text;

namespace PrefectPS.Diagrams.Reports;

/// <summary>The page that every report is: its skeleton, style and scripts, and the policy that lets a browser run nothing else.</summary>
internal sealed class ReportPage
{
    private const string ResourcePrefix = "Report/";

    // In the order they need each other.
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

    /// <summary>The one page.</summary>
    public static ReportPage Instance => Shared.Value;

    /// <summary>The document, with a <c>{{place}}</c> for each part that is put in.</summary>
    public string Template { get; }

    /// <summary>The style sheet.</summary>
    public string Style { get; }

    /// <summary>The script elements.</summary>
    public string Scripts { get; }

    /// <summary>The content security policy: no network, and of style and script just what is here, by its hash.</summary>
    public string Policy { get; }

    private static string Hash(string content)
    {
        using var sha = SHA256.Create();
        return $"'sha256-{Convert.ToBase64String(sha.ComputeHash(Encoding.UTF8.GetBytes(content)))}'";
    }

    // A browser reads each line end as one character, and hashes what it read.
    private static string Read(string name)
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream(ResourcePrefix + name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace("\r\n", "\n");
    }
}
