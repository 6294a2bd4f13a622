namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>The rows that are not run, with reasons. A row neither listed nor run fails a test.</summary>
internal static class Exclusions
{
    private static readonly Dictionary<string, string[]> RowsByReason = new(StringComparer.Ordinal)
    {
        ["Python's own: how it leaves a program, raises past the engine, or classes its signals."] =
        [
            "signals/SystemExit",
            "signals/signal_from_state",
            "signals/signal_classes",
            "signals/raise_on_exception_context",
            "targets/callable_target_receives_keys",
        ],
        ["The reference engine's own: its methods, its configuration, its caches, its result classes."] =
        [
            "flow_state_and_runner/TaskRunner_order_of_checks", // what it shows is in the handlers' histories
            "targets/var {config}",
            "targets/var {config.flows.checkpointing}",
            "targets/var {checkpointing}",
            "targets/var {caches}",
            "targets/var {task_tags}", // set()
            "targets/PrefectResult_target",
            "checkpointing/checkpointing=True result=PrefectResult() task.checkpoint=True",
            "checkpointing/checkpointing=True result=PrefectResult() task.checkpoint=False",
            "checkpointing/checkpointing=False result=PrefectResult() task.checkpoint=True",
            "checkpointing/checkpointing=False result=PrefectResult() task.checkpoint=False",
            "checkpointing/checkpointing=True PrefectResult unserializable",
            "checkpointing/checkpointing=True PrefectResult returns None",
            "checkpointing/checkpointing=True PrefectResult str",
            "checkpointing/checkpointing=True result=LocalResult(dir,location='{task_name}.pkl') task.checkpoint=None",
            "checkpointing/checkpointing=True result=LocalResult(dir,location='{task_name}.pkl') task.checkpoint=True",
            "checkpointing/checkpointing=False result=LocalResult(dir,location='{task_name}.pkl') task.checkpoint=None",
            "checkpointing/checkpointing=False result=LocalResult(dir,location='{task_name}.pkl') task.checkpoint=True",
        ],
        ["On purpose: a run's state follows from its tasks' states, it is not given and has no handler of its own."] =
        [
            "flow_state_and_runner/FlowRunner.run(state=Failed)",
            "flow_state_and_runner/FlowRunner.run(state=Cancelled)",
            "flow_state_and_runner/FlowRunner.run(state=Running)",
            "flow_state_and_runner/FlowRunner.run(state=Paused)",
            "flow_state_and_runner/FlowRunner.run(state=Pending)",
            "flow_state_and_runner/flow_state_handler_transitions",
            "flow_state_and_runner/terminal_state_handler_returns_new_state_without_result",
        ],
        ["The recording holds only the clock of its day, or nothing."] =
        [
            "targets/var {date}",
            "targets/LocalResult_location_no_target_ckpt_on",
        ],
    };

    private static readonly HashSet<string> All = new(RowsByReason.Values.SelectMany(rows => rows), StringComparer.Ordinal);

    public static IEnumerable<string> Keys => All;

    public static bool Has(ReferenceRow row) => All.Contains(row.Key);
}
