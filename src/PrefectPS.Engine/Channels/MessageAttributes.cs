using System.Globalization;

namespace PrefectPS.Channels;

/// <summary>What is said of a document beside it: the names that messages and their pushes have in common, and values that travel as text.</summary>
public static class MessageAttributes
{
    /// <summary>The name of the flow.</summary>
    public const string Flow = "flow";

    /// <summary>The id of the run.</summary>
    public const string Run = "run";

    /// <summary>The number of the step.</summary>
    public const string Step = "step";

    /// <summary>The time before which the message is not delivered; UTC.</summary>
    public const string NotBefore = "notBefore";

    /// <summary>Why the message was dead-lettered.</summary>
    public const string Reason = "reason";
    internal const string Length = "length";

    /// <summary>The number of a step as text.</summary>
    public static string Text(int step) => step.ToString(CultureInfo.InvariantCulture);

    /// <summary>A time as text.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>The number of a step; null where the text is none.</summary>
    public static int? StepOf(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;

    /// <summary>A time, UTC unless it says otherwise; null where the text is none.</summary>
    public static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
