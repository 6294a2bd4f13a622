using System.Text.RegularExpressions;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>The one place where the words of the reference engine's recording are made ours.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>An exception stands in a message as Python shows it, <c>ValueError('boom')</c>; with us it is its message, <c>boom</c>.</item>
/// <item>A signal or an exception is there the result of the state it made; with us such a state has no result, but an error.</item>
/// <item>Texts have quotes in Python's values; here they have none.</item>
/// <item>Paths stand there with the store's folder the first time, without it the second; with us without it always.</item>
/// <item>Of a time it matters whether there is none, whether it is the one that was asked for (in 2030), or another one.</item>
/// <item>Ids of runs are by chance there, counted in tests here.</item>
/// </list>
/// </remarks>
internal static partial class ReferenceText
{
    public const string None = "None";

    public const string AnyRunId = "<run id>";

    public const string AnyTime = "<some time>";

    public static readonly DateTimeOffset AskedTime = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A state in one line.</summary>
    public static string State(string type, string? message) => string.IsNullOrEmpty(message) ? type : $"{type}: {message}";

    /// <summary>A text of the recording, by the field it stands in.</summary>
    public static string Normalise(string field, string? text) => text is null ? string.Empty : field switch
    {
        "message" or "history" => Exception().Replace(text, "${message}"),
        "start_time" or "cached_result_expiration" => text.StartsWith("DateTime(2030, 1, 1,", StringComparison.Ordinal) ? Time(AskedTime) : text == None ? None : AnyTime,
        "location" => RunId().Replace(text.Replace("<dir>/", string.Empty, StringComparison.Ordinal), AnyRunId),
        _ => Quote().Replace(Signal().IsMatch(text) ? None : ExceptionInList().Replace(text, None), string.Empty),
    };

    /// <summary>One of our times, likewise.</summary>
    public static string Time(DateTimeOffset? time) => time == AskedTime ? "2030" : AnyTime;

    [GeneratedRegex("""\b[A-Z]\w*(Error|Exception)\(('(?<message>[^']*)'|"(?<message>[^"]*)")\)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Exception();

    [GeneratedRegex("""^'?[A-Z]\w*\(.*\)'?$""", RegexOptions.Singleline)]
    private static partial Regex Signal();

    [GeneratedRegex("""[A-Z]\w*(Error|Exception)\('[^']*'\)(?=[,\]])""", RegexOptions.ExplicitCapture)]
    private static partial Regex ExceptionInList();

    [GeneratedRegex("""['"]""")]
    private static partial Regex Quote();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|run-[0-9]+", RegexOptions.ExplicitCapture)]
    private static partial Regex RunId();
}
