using System.Globalization;

namespace PrefectPS.Progress;

/// <summary>The logging commands of Azure Pipelines.</summary>
internal sealed class AzurePipelines : CIPlatform
{
    private const string TempVariable = "AGENT_TEMPDIRECTORY";

    public override string EndGroup => "##[endgroup]";

    protected override string SourcesVariable => "BUILD_SOURCESDIRECTORY";

    public override string BeginGroup(string title) => $"##[group]{title.Replace('\n', ' ')}";

    public override string Error(string title, string message, string? file, int line)
    {
        var place = file is null ? string.Empty : $"sourcepath={Property(file)};{(line > 0 ? $"linenumber={line.ToString(CultureInfo.InvariantCulture)};" : string.Empty)}";
        return $"##vso[task.logissue type=error;{place}]{Data($"{title}: {message}")}";
    }

    public override string? Summarize(string markdown)
    {
        var folder = Environment.GetEnvironmentVariable(TempVariable) is { Length: > 0 } temp ? temp : Path.GetTempPath();
        var file = Path.Combine(folder, $"flow-{Guid.NewGuid():n}.md"); // the agent reads it later; its name is the summary's heading
        File.WriteAllText(file, markdown, Utf8);
        return $"##vso[task.uploadsummary]{Data(file)}";
    }

    private static string Data(string text) => Escape(text, ('%', "%AZP25"), ('\r', "%0D"), ('\n', "%0A"));

    private static string Property(string text) => Escape(text, ('%', "%AZP25"), ('\r', "%0D"), ('\n', "%0A"), (';', "%3B"), (']', "%5D"));
}
