using System.Globalization;

namespace PrefectPS.Results;

/// <summary>A time as a person reads it, the same on every machine.</summary>
public static class UtcText
{
    /// <summary>The time, to the second: <c>2026-11-29 20:15:00Z</c>.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
