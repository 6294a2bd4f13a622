using System.Globalization;

namespace PrefectPS.Channels;

/// <summary>The names and text forms of message metadata, shared by channels and pushes.</summary>
internal static class MessageAttributes
{
    public const string Flow = "flow";
    public const string Run = "run";
    public const string Step = "step";
    public const string NotBefore = "notBefore";
    public const string Reason = "reason";
    public const string Length = "length";

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
