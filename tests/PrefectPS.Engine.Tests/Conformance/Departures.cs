namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>Rows that intentionally end differently: the facts, the difference and the reason.</summary>
internal static class Departures
{
    private const string SlugIsName = "Row c: a task's slug is its name, which is unique in its flow.";
    private const string ResultsSurvive = "Row d: results always survive.";
    private const string FinishedIsKept = "A finished task is kept, however it ended: with its result, Cached is as good as Success.";
    private const string RunsAgain = "Row l: the process that was running the task has died; it runs again.";
    private const string TodayIsText =
        "Failed: Unexpected error: The target '{today:%Y}.txt' cannot be used: 'today' is a text and takes no format; date and scheduled_start_time do.";

    private static readonly Dictionary<string, string> RanAgain = new(StringComparer.Ordinal)
    {
        ["flow"] = "Success: All reference tasks succeeded.",
        ["task"] = "Success: Task run succeeded.",
        ["task.result"] = "RAN",
        ["downstream"] = "Success: Task run succeeded.",
        ["same_object_returned"] = "false",
        ["flow_with_only_this_task"] = "Success: All reference tasks succeeded.",
    };

    private static readonly Dictionary<string, Departure> Table = new Departure[]
    {
        new("signals/ENDRUN_raised_in_task", "Row b: a run that is not complete is never Success.", new(StringComparer.Ordinal)
        {
            ["flow"] = "Cancelled: 1 of 1 tasks cancelled.",
        }),
        new("retries/FlowRunner_third_pass_after_start_time_from_JSON", ResultsSurvive, new(StringComparer.Ordinal) { ["sib.result"] = "2" }),
        new("flow_state_and_runner/task_states={t:Cached}", FinishedIsKept, new(StringComparer.Ordinal)
        {
            ["task"] = "Cached: given",
            ["task.result"] = "1",
            ["same_object_returned"] = "true",
        }),
        new("caching/Cached_given_to_task_without_cache_for (validator never_use)", FinishedIsKept, new(StringComparer.Ordinal)
        {
            [string.Empty] = "Cached: given",
            ["result"] = "1",
        }),
        new("caching/given_Cached_in_task_states_from_JSON", ResultsSurvive, new(StringComparer.Ordinal) { ["state.result"] = "2" }),
        new("flow_state_and_runner/task_states={t:Running}", RunsAgain, RanAgain),
        new("flow_state_and_runner/task_states={t:Cancelling}", RunsAgain, RanAgain),
        new("targets/var {task_slug}", SlugIsName, Target("my task.txt")),
        new("targets/var {task_id}", SlugIsName, Target("my task.txt")),
        new("targets/var {task_run_name}", "A task's run has a name: that of its task.", Found("my task.txt")),
        new("targets/var {task_loop_count}", "LoopCount starts at 1.", Found("1.txt")),
        new("targets/var {today:%Y}", "The words are ours.", new(StringComparer.Ordinal) { ["first"] = TodayIsText, ["second"] = TodayIsText }),
        NotWritten("checkpointing=True result=None task.checkpoint=None"),
        NotWritten("checkpointing=True result=None task.checkpoint=True"),
        NotWritten("checkpointing=False result=None task.checkpoint=None"),
        NotWritten("checkpointing=False result=None task.checkpoint=True"),
        NotWritten("checkpointing=True result=None task.checkpoint=False"),
        NotWritten("checkpointing=False result=None task.checkpoint=False"),
        NotWritten("checkpointing=True result=LocalResult(dir) task.checkpoint=False"),
        NotWritten("checkpointing=False result=LocalResult(dir) task.checkpoint=None"),
        NotWritten("checkpointing=False result=LocalResult(dir) task.checkpoint=False"),
        new("checkpointing/checkpointing=True result=LocalResult(dir) task.checkpoint=None", ResultsSurvive, new(StringComparer.Ordinal)
        {
            ["state.location"] = "run-results/flow/<run id>/results/t.json",
            ["after_JSON_roundtrip_result"] = "99",
        }),
    }.ToDictionary(departure => departure.Row, StringComparer.Ordinal);

    /// <summary>The rows that have one.</summary>
    public static IEnumerable<string> Keys => Table.Keys;

    /// <summary>Replaces the recorded facts by ours.</summary>
    public static void Apply(ReferenceRow row, Dictionary<string, string> facts)
    {
        if (!Table.TryGetValue(row.Key, out var departure))
            return;
        foreach (var (path, ours) in departure.Ours)
        {
            Assert.True(facts[path] != ours, $"'{row.Key}' has '{ours}' for {path} as we do: that is no departure ({departure.Reason})");
            facts[path] = ours;
        }
    }

    private static Departure NotWritten(string row) => new($"checkpointing/{row}", ResultsSurvive, new(StringComparer.Ordinal)
    {
        ["after_JSON_roundtrip_result"] = "99",
        ["after_load_result"] = "99",
    });

    private static Dictionary<string, string> Target(string path) => new(StringComparer.Ordinal)
    {
        ["first.location"] = path,
        ["second"] = $"Cached: Result found at task target {path}",
        ["second.location"] = path,
    };

    private static Dictionary<string, string> Found(string path)
    {
        var facts = Target(path);
        facts["first"] = "Success: Task run succeeded.";
        return facts;
    }

    private sealed record Departure(string Row, string Reason, Dictionary<string, string> Ours);
}
