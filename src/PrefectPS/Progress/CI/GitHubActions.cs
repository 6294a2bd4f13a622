using System.Globalization;

namespace PrefectPS.Progress;

/// <summary>The workflow commands of GitHub Actions.</summary>
internal sealed class GitHubActions : CIPlatform
{
    private const string SummaryVariable = "GITHUB_STEP_SUMMARY";

    public override string EndGroup => "::endgroup::";

    protected override string SourcesVariable => "GITHUB_WORKSPACE";

    public override string BeginGroup(string title) => $"::group::{Data(title)}";

    public override string Error(string title, string message, string? file, int line)
    {
        var place = file is null ? string.Empty : $"file={Property(file)},{(line > 0 ? $"line={line.ToString(CultureInfo.InvariantCulture)}," : string.Empty)}";
        return $"::error {place}title={Property(title)}::{Data(message)}";
    }

    // Several steps of a job share one file.
    public override string? Summarize(string markdown)
    {
        if (Environment.GetEnvironmentVariable(SummaryVariable) is { Length: > 0 } file)
            File.AppendAllText(file, markdown, Utf8);
        return null;
    }

    private static string Data(string text) => Escape(text, ('%', "%25"), ('\r', "%0D"), ('\n', "%0A"));

    private static string Property(string text) => Escape(text, ('%', "%25"), ('\r', "%0D"), ('\n', "%0A"), (':', "%3A"), (',', "%2C"));
}
