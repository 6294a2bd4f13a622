using System.Globalization;

namespace PrefectPS.Results;

/// <summary>Formats times for people, culture-invariant.</summary>
public static class UtcText
{
    /// <summary>Formats to the second: <c>2026-11-29 20:15:00Z</c>.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
