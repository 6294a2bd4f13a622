using TimeZoneConverter;

namespace PrefectPS.Flows;

/// <summary>Finds time zones by the ids of IANA and of Windows, on every system.</summary>
public static class ScheduleZone
{
    /// <summary>The zone; null where none of this id is known.</summary>
    public static TimeZoneInfo? Find(string name) => name == TimeZoneInfo.Utc.Id ? TimeZoneInfo.Utc : Lookup.Find(name);

    // Apart, so that its assembly is loaded only where a zone is looked up.
    private static class Lookup
    {
        public static TimeZoneInfo? Find(string name) => TZConvert.TryGetTimeZoneInfo(name, out var zone) ? zone : null;
    }
}
