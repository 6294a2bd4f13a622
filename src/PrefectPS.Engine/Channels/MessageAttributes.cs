using System.Globalization;

namespace PrefectPS.Channels;

/// <summary>The names and text forms of message metadata, shared by channels and pushes.</summary>
public static class MessageAttributes
{
    /// <summary>The name of the flow.</summary>
    public const string Flow = "flow";

    /// <summary>The id of the run.</summary>
    public const string Run = "run";

    /// <summary>The number of the step.</summary>
    public const string Step = "step";

    /// <summary>The time before which the message is not to be delivered.</summary>
    public const string NotBefore = "notBefore";

    /// <summary>Why the message is a dead letter.</summary>
    public const string Reason = "reason";

    /// <summary>The size of the document in bytes.</summary>
    internal const string Length = "length";

    /// <summary>Formats a step number.</summary>
    public static string Text(int step) => step.ToString(CultureInfo.InvariantCulture);

    /// <summary>Formats a time.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Parses a step number; null for anything else.</summary>
    public static int? StepOf(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;

    /// <summary>Parses a time, UTC by default; null for anything else.</summary>
    public static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
