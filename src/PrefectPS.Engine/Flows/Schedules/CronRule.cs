using Cronos;

namespace PrefectPS.Flows;

/// <summary>A cron expression.</summary>
/// <remarks>On daylight saving changes, Cronos runs fixed times once and interval expressions by elapsed time.</remarks>
public sealed record CronRule : ScheduleRule
{
    private readonly CronExpression _expression;

    private CronRule(string text, CronExpression expression)
        : base(text) => _expression = expression;

    /// <summary>Parses an expression of five fields, six with leading seconds, or a name such as <c>@daily</c>.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="fault">The fault, as a clause without a full stop; null if none.</param>
    /// <returns>The rule; null if the expression is invalid.</returns>
    public static CronRule? TryParse(string text, out string? fault)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        try
        {
            var expression = CronExpression.Parse(text, fields.Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
            fault = expression.GetNextOccurrence(new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc)) is null ? "it never comes" : null;
            return fault is null ? new(string.Join(" ", fields), expression) : null;
        }
        catch (CronFormatException e)
        {
            fault = fields.Length is 5 or 6 || (text.Length > 0 && text[0] == '@')
                ? e.Message.TrimEnd('.')
                : "a cron expression has five fields (minute, hour, day of month, month, day of week), or six with seconds first, or is a name such as @daily";
            return null;
        }
    }

    /// <inheritdoc/>
    internal override DateTimeOffset? NextFrom(DateTimeOffset from, TimeZoneInfo zone)
    {
        // If a zone skipped a whole day, Cronos returns an earlier time: ask again from later on.
        var next = NextBehind(from, zone);
        for (var start = from; next < from; next = NextBehind(start, zone))
            start = start.AddHours(1);
        return next;
    }

    private DateTimeOffset? NextBehind(DateTimeOffset from, TimeZoneInfo zone) => _expression.GetNextOccurrence(from, zone, inclusive: true)?.ToUniversalTime();
}
