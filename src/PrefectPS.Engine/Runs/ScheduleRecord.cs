using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>What a store keeps of a flow's schedule. It outlives runs: no clean-up makes last night's job run again. Immutable.</summary>
/// <param name="Flow">The flow's name.</param>
/// <param name="Rules">The schedule's rules.</param>
/// <param name="Begun">The last time that a run was begun for; null if none.</param>
internal sealed record ScheduleRecord(string Flow, IReadOnlyList<RecordedRule> Rules, DateTimeOffset? Begun)
{
    /// <summary>The record with the rules of a schedule: those that it does not know are seen first now. Itself where it has them.</summary>
    public ScheduleRecord With(FlowSchedule schedule, DateTimeOffset now)
    {
        RecordedRule[] rules = [.. schedule.Rules.Select(rule => Rules.FirstOrDefault(seen => seen.IsOf(rule, schedule)) ?? new(rule.Text, schedule.ZoneName, now))];
        return rules.SequenceEqual(Rules) ? this : this with { Rules = rules };
    }

    /// <summary>The time that a run is to begin for; null if none.</summary>
    /// <param name="schedule">The schedule, whose rules these are.</param>
    /// <param name="passed">A time until which a run was in the way; null if none was, or it is to be made up for.</param>
    /// <param name="now">The time.</param>
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

    /// <summary>The latest time until another for which no run has begun; null if none, or a rule or its zone is not known here.</summary>
    public DateTimeOffset? LatestNotBegun(DateTimeOffset until) =>
        Rules.Select(seen => seen.Latest(After(Begun) is { } after && after > seen.Since ? after : seen.Since, until)).DefaultIfEmpty().Max();

    /// <summary>When the run of the last time that was begun ended; null if it has not, or is not known any more.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public DateTimeOffset? EndOfBegun(RunFiles files) =>
        Begun is { } begun && new RunFolder(Flow, ScheduledTime.IdOf(begun)) is var folder && RunHead.Look(files, folder).Incarnation is { } incarnation
            ? DoneEntry.TryRead(files, folder.Done(incarnation))?.UpdateTime
            : null;

    /// <summary>Its content in a store.</summary>
    /// <param name="holder">Who writes it: a text that nobody else has, so that a lost answer is told apart from another's write.</param>
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

    /// <summary>Reads one.</summary>
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
