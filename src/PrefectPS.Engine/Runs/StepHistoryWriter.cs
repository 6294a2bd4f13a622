using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>Writes the start and end of a step into its history: objects among the arrays of state changes. Times are milliseconds since the run's start.</summary>
internal static class StepHistoryWriter
{
    /// <summary>Writes the start: <c>[{"began", "budget", "maxTasks"}]</c>, without absent limits.</summary>
    /// <param name="began">Start of the step, relative to the run's start.</param>
    /// <param name="time">Maximum duration; null for no limit.</param>
    /// <param name="budget">The step's budget.</param>
    public static byte[] Begin(TimeSpan began, TimeSpan? time, StepBudget budget) => Write(json =>
    {
        json.WriteNumber(RecordKeys.Began, JsonStyle.Milliseconds(began));
        if (time is { } limit)
            json.WriteNumber(RecordKeys.Budget, Math.Max(0, JsonStyle.Milliseconds(limit)));
        if (budget.MaxTasks is { } tasks)
            json.WriteNumber(RecordKeys.MaxTasks, tasks);
    });

    /// <summary>Writes the end: <c>[{"ended"}]</c>.</summary>
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
