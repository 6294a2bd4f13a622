using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>A schedule rule as recorded in a store; times before it was first seen are never due.</summary>
/// <param name="Schedule">Text of the rule.</param>
/// <param name="Zone">Time zone of the rule.</param>
/// <param name="Since">When the rule was first seen; UTC.</param>
internal sealed record RecordedRule(string Schedule, string Zone, DateTimeOffset Since)
{
    /// <summary>True if it is this rule of the schedule.</summary>
    public bool IsOf(ScheduleRule rule, FlowSchedule schedule) => Schedule == rule.Text && Zone == schedule.ZoneName;

    /// <summary>Latest time in a closed interval; null if none, or the rule or zone is unknown here.</summary>
    public DateTimeOffset? Latest(DateTimeOffset from, DateTimeOffset until) =>
        ((ScheduleRule?)IntervalRule.TryParse(Schedule) ?? CronRule.TryParse(Schedule, out _)) is { } rule && ScheduleZone.Find(Zone) is { } zone
            ? new FlowSchedule([rule], zone, Zone).LatestOf(rule, from, until)
            : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Schedule} ({Zone})";

    /// <summary>Serializes the rule.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString(RecordKeys.Schedule, Schedule);
        json.WriteString(DocumentKeys.Zone, Zone);
        json.WriteString(RecordKeys.Since, Since.UtcDateTime);
        json.WriteEndObject();
    }

    /// <summary>Deserializes a rule.</summary>
    public static RecordedRule Read(ref Utf8JsonReader json)
    {
        string? schedule = null, zone = null;
        DateTimeOffset? since = null;
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "a rule");
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == RecordKeys.Schedule)
                schedule = JsonTokens.String(ref json);
            else if (key == DocumentKeys.Zone)
                zone = JsonTokens.String(ref json);
            else if (key == RecordKeys.Since)
                since = JsonTokens.Time(ref json);
            else
                json.Skip();
        }

        return schedule is not null && zone is not null && since is { } time
            ? new(schedule, zone, time)
            : throw JsonTokens.Fault(ref json, "a schedule with its zone and since when it is known was expected");
    }
}
