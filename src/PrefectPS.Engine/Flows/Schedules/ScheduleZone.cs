using TimeZoneConverter;

namespace PrefectPS.Flows;

/// <summary>Finds time zones by the ids of IANA and of Windows, on every system.</summary>
public static class ScheduleZone
{
    /// <summary>Finds a time zone; null if the id is unknown.</summary>
    public static TimeZoneInfo? Find(string name) => name == TimeZoneInfo.Utc.Id ? TimeZoneInfo.Utc : Lookup.Find(name);

    // A class of its own, so that its assembly is loaded only when a zone is looked up.
    private static class Lookup
    {
        public static TimeZoneInfo? Find(string name) => TZConvert.TryGetTimeZoneInfo(name, out var zone) ? zone : null;
    }
}
