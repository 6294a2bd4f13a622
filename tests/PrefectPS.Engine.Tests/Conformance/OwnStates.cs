using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>The states of our own that are the instances of <c>states.json</c>.</summary>
internal static class OwnStates
{
    /// <summary>The instances that no run of ours comes to; they are read and handed on, which another test shows.</summary>
    private static readonly Dictionary<string, string> NotOurs = new(StringComparer.Ordinal)
    {
        ["result_PrefectResult_value_99_unwritten"] = "a result class of Prefect's",
        ["result_PrefectResult_written_99"] = "a result class of Prefect's",
        ["result_LocalResult_location"] = "a result class of Prefect's",
        ["result_ConstantResult_5"] = "a result class of Prefect's",
        ["loop_count_2_result"] = "a result class of Prefect's",
        ["context_tags"] = "a context that was given by hand",
        ["cached_inputs"] = "inputs are taken from the upstream tasks' states",
        ["cached_full"] = "the inputs and parameters of a cache are in the task's own cache",
        ["n_map_states_4"] = "a mapped task has its children",
        ["wraps_Pending"] = "what waits for an executor",
        ["wraps_Retrying"] = "what waits for an executor",
        ["wraps_meta_is_unwrapped"] = "what waits for an executor",
        ["start_time_naive"] = "our times have an offset",
    };

    public static bool Has(StateRow row) => !NotOurs.ContainsKey(row.Name);

    public static IEnumerable<string> LeftOut => NotOurs.Keys;

    public static State Make(StateRow row)
    {
        var isInTask = IsMadeInTask(row);
        return State.Read(row.Type, row.Document.GetProperty("message").GetString(), new()
        {
            Attempt = row.Document.TryGetProperty("run_count", out var count) ? count.GetInt32()
                : isInTask && row.Type.Has(StateTraits.Scheduled) && row.Type != StateType.Queued ? 7 : 1,
            LoopCount = isInTask && row.Type == StateType.Looped ? 4 : 1,
        }) with
        {
            Result = ResultOf(row),
            Error = row.Name == "result_exception" && row.Type != StateType.Mapped ? new("boom") : null,
            DueTime = row.Document.TryGetProperty("start_time", out var due) && due.GetString() is { } text
                ? DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null,
            Children = row.Name == "map_states_3" ? [State.NotRun, State.NotRun, State.NotRun] : null,
        };
    }

    /// <summary>Whether it was made while its task ran, which puts the task's tags and run count into its context.</summary>
    public static bool IsMadeInTask(StateRow row) => row.Name.StartsWith("within_task", StringComparison.Ordinal);

    private static TaskResult? ResultOf(StateRow row) => row.Type == StateType.Mapped ? null : row.Name switch
    {
        "result_plain_99" => TaskResult.Of(99),
        "result_base_Result_location" => TaskResult.At("loc", null, null),
        _ => null,
    };
}
