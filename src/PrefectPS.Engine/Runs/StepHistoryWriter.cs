using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>Writes what stands in a step's history before and after the changes of states: objects among arrays. Times are milliseconds since the run's start.</summary>
internal static class StepHistoryWriter
{
    /// <summary>That it begins: <c>[{"began", "budget", "maxTasks"}]</c>, what there is no limit to left out.</summary>
    /// <param name="began">When, counted from the run's start.</param>
    /// <param name="time">How long it may take; null for no limit.</param>
    /// <param name="budget">What else ends it.</param>
    public static byte[] Begin(TimeSpan began, TimeSpan? time, StepBudget budget) => Write(json =>
    {
        json.WriteNumber(RecordKeys.Began, JsonStyle.Milliseconds(began));
        if (time is { } limit)
            json.WriteNumber(RecordKeys.Budget, Math.Max(0, JsonStyle.Milliseconds(limit)));
        if (budget.MaxTasks is { } tasks)
            json.WriteNumber(RecordKeys.MaxTasks, tasks);
    });

    /// <summary>That it has ended: <c>[{"ended"}]</c>.</summary>
    public static byte[] End(TimeSpan ended) => Write(json => json.WriteNumber(RecordKeys.Ended, JsonStyle.Milliseconds(ended)));

    private static byte[] Write(Action<Utf8JsonWriter> write) => JsonStyle.ToBytes(json =>
    {
        json.WriteStartArray();
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.WriteEndArray();
    });
}
