using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>What a store remembers of a flow's schedule. It outlives runs: cleaning up never repeats a job. Immutable.</summary>
/// <param name="Flow">The flow's name.</param>
/// <param name="Rules">The schedule's rules.</param>
/// <param name="Begun">The last time a run was started for; null if none.</param>
internal sealed record ScheduleRecord(string Flow, IReadOnlyList<RecordedRule> Rules, DateTimeOffset? Begun)
{
    /// <summary>Updates the rules to those of a schedule; new ones count from now. Returns itself if they are equal.</summary>
    public ScheduleRecord With(FlowSchedule schedule, DateTimeOffset now)
    {
        RecordedRule[] rules = [.. schedule.Rules.Select(rule => Rules.FirstOrDefault(seen => seen.IsOf(rule, schedule)) ?? new(rule.Text, schedule.ZoneName, now))];
        return rules.SequenceEqual(Rules) ? this : this with { Rules = rules };
    }

    /// <summary>The time to start a run for; null if none.</summary>
    /// <param name="schedule">The schedule with these rules.</param>
    /// <param name="passed">End of a run that blocked the schedule; null if none did, or blocked times are made up for.</param>
    /// <param name="now">The current time.</param>
    public DateTimeOffset? DueTime(FlowSchedule schedule, DateTimeOffset? passed, DateTimeOffset now)
    {
        var isInOrder = schedule.CatchUp == CatchUp.All;
        var due = schedule.Rules.Zip(Rules, (rule, seen) =>
        {
            var from = new[] { seen.Since, After(Begun), After(passed), now - schedule.MaxLateness }.Max()!.Value;
            return isInOrder ? rule.NextFrom(from, schedule.Zone) : schedule.LatestOf(rule, from, now);
        });
        return (isInOrder ? due.Min() : due.Max()) is { } time && time <= now ? time : null;
    }

    /// <summary>Latest time, up to another, for which no run was started; null if none, or a rule or zone is unknown here.</summary>
    public DateTimeOffset? LatestNotBegun(DateTimeOffset until) =>
        Rules.Select(seen => seen.Latest(After(Begun) is { } after && after > seen.Since ? after : seen.Since, until)).DefaultIfEmpty().Max();

    /// <summary>End of the last started run; null if it has not ended or is unknown.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public DateTimeOffset? EndOfBegun(RunFiles files) =>
        Begun is { } begun && new RunFolder(Flow, ScheduledTime.IdOf(begun)) is var folder && RunHead.Look(files, folder).Incarnation is { } incarnation
            ? DoneEntry.TryRead(files, folder.Done(incarnation))?.UpdateTime
            : null;

    /// <summary>Serializes the record.</summary>
    /// <param name="holder">Unique id of the writer: tells a lost response from another writer.</param>
    public byte[] Write(string holder) => JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        json.WriteString(DocumentKeys.Flow, Flow);
        json.WriteString(RecordKeys.Holder, holder);
        json.WriteStartArray(RecordKeys.Rules);
        foreach (var rule in Rules)
            rule.Write(json);
        json.WriteEndArray();
        if (Begun is { } begun)
            json.WriteString(RecordKeys.Begun, begun.UtcDateTime);
        json.WriteEndObject();
    });

    /// <summary>Deserializes a record.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>.</exception>
    public static ScheduleRecord Read(byte[] content) => RecordReader.Read(content, (ref Utf8JsonReader json) =>
    {
        string? flow = null;
        List<RecordedRule>? rules = null;
        DateTimeOffset? begun = null;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Flow)
                flow = JsonTokens.Name(ref json);
            else if (key == RecordKeys.Rules)
                rules = JsonTokens.List(ref json, "an array of rules", RecordedRule.Read);
            else if (key == RecordKeys.Begun)
                begun = JsonTokens.TimeOrNull(ref json);
            else
                json.Skip();
        }

        return flow is null || rules is null ? throw JsonTokens.Fault(ref json, "a flow and rules were expected") : new ScheduleRecord(flow, rules, begun);
    });

    private static DateTimeOffset? After(DateTimeOffset? time) => time?.AddTicks(1);
}
