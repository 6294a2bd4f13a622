using System.Globalization;

namespace PrefectPS.Flows;

/// <summary>The time that a run was scheduled for is its id, <c>20261129T020000Z</c>: two callers mean the same run, and nothing else has to be kept.</summary>
public static class ScheduledTime
{
    private const string Format = "yyyyMMdd'T'HHmmss'Z'";
    private const int Length = 16;

    /// <summary>The id of the run of a time, which is of whole seconds.</summary>
    public static string IdOf(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The time that a run was scheduled for, or the run that it is a part of; UTC. Null where its id is none of a schedule.</summary>
    internal static DateTimeOffset? Find(string runId) =>
        (runId.Length == Length || (runId.Length > Length && runId[Length] == '.'))
        && DateTime.TryParseExact(
            runId.Substring(0, Length), Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? new DateTimeOffset(time)
            : null;
}
