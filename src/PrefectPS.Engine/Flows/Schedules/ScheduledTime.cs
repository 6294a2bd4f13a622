using System.Globalization;

namespace PrefectPS.Flows;

/// <summary>Maps scheduled times to run ids, <c>20261129T020000Z</c>: two callers get the same run without shared state.</summary>
public static class ScheduledTime
{
    private const string Format = "yyyyMMdd'T'HHmmss'Z'";
    private const int Length = 16;

    /// <summary>Id of the run scheduled for a time of whole seconds.</summary>
    public static string IdOf(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Scheduled time of a run or of its root run; UTC. Null if the id is not from a schedule.</summary>
    internal static DateTimeOffset? Find(string runId) =>
        (runId.Length == Length || (runId.Length > Length && runId[Length] == '.'))
        && DateTime.TryParseExact(
            runId.Substring(0, Length), Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? new DateTimeOffset(time)
            : null;
}
