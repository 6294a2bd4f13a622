using System.Globalization;
using System.Text.RegularExpressions;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>A task whose body sends a signal: which one, and with what, is in the row's name.</summary>
internal static partial class SignalTrials
{
    private static readonly Dictionary<string, StateType> Signals = new(StringComparer.Ordinal)
    {
        ["FAIL"] = StateType.Failed,
        ["TRIGGERFAIL"] = StateType.TriggerFailed,
        ["VALIDATIONFAIL"] = StateType.ValidationFailed,
        ["SUCCESS"] = StateType.Success,
        ["SKIP"] = StateType.Skipped,
        ["RETRY"] = StateType.Retrying,
        ["PAUSE"] = StateType.Paused,
    };

    public static Sightings? Run(ReferenceRow row) => row.Name switch
    {
        "plain_exception" => Run(row, _ => throw TaskUnderTrial.Error("ValueError", "boom")),
        "returns_value" => Run(row, _ => new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 1 }),
        "returns_None" => Run(row, _ => null),
        "ENDRUN_raised_in_task" => Run(row, _ => throw TaskUnderTrial.Signal(StateType.Cancelled, "x", endsRun: true)),
        "ENDRUN_Failed_with_retries_raised_in_task" =>
            Run(row, _ => throw TaskUnderTrial.Signal(StateType.Failed, "endrun failed", endsRun: true), new() { MaxRetries = 2 }),
        "manual_only_flow.run_answer_y" => RunWithApproval(row),
        "LOOP_no_message_no_result" => Run(row, context => context.LoopCount < 3 ? throw TaskUnderTrial.Signal(StateType.Looped, null) : context.LoopResult),
        _ => RunLoop(row) ?? RunSignal(row),
    };

    private static Sightings Run(ReferenceRow row, Func<FlowContext, object?> body, RetryPolicy? retry = null) =>
        new TaskUnderTrial(row, body, retry).Run();

    private static Sightings RunWithApproval(ReferenceRow row)
    {
        var task = new TaskUnderTrial(row, _ => 9, trigger: Trigger.Find("manual_only"));
        return task.Look(task.Flow.RunAll(task.Flow.RunAll().Set("t", StateType.Resume)));
    }

    // LOOP_3_times: each pass has ten more for its result.
    private static Sightings? RunLoop(ReferenceRow row)
    {
        if (LoopName().Match(row.Name) is not { Success: true } name)
            return null;
        var times = Number(name);
        return Run(row, context => context.LoopCount <= times
            ? throw TaskUnderTrial.Signal(StateType.Looped, $"L{context.LoopCount}", context.LoopCount * 10)
            : ("done", context.LoopCount, context.LoopResult));
    }

    // FAIL_result_5, TRIGGERFAIL_with_max_retries_1, RETRY_start_time_single_pass: a single pass starts no task twice.
    private static Sightings? RunSignal(ReferenceRow row)
    {
        var signal = row.Name.Split('_')[0];
        if (!Signals.TryGetValue(signal, out var type) || !Options().IsMatch(row.Name[signal.Length..]))
            return null;
        var message = row.Name.Contains("_no_message", StringComparison.Ordinal) ? null : "msg";
        var due = row.Name.Contains("_start_time", StringComparison.Ordinal) ? ReferenceText.AskedTime : (DateTimeOffset?)null;
        object? result = Result().Match(row.Name) is { Success: true } given ? Number(given) : null;
        var retry = Retries().Match(row.Name) is { Success: true } retries ? new RetryPolicy { MaxRetries = Number(retries) } : null;

        var task = new TaskUnderTrial(row, _ => throw TaskUnderTrial.Signal(type, message, result, due), retry);
        return row.Name.Contains("single_pass", StringComparison.Ordinal) ? task.Look(task.Flow.Step(task.Flow.New(), maxTasks: 1)) : task.Run();
    }

    private static int Number(Match match) => int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("^LOOP_(?<number>[0-9]+)_times$", RegexOptions.ExplicitCapture)]
    private static partial Regex LoopName();

    [GeneratedRegex("^(_no_message|_result_[0-9]+|_with_max_retries_[0-9]+|_start_time|_FlowRunner|_single_pass)*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Options();

    [GeneratedRegex("_result_(?<number>[0-9]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Result();

    [GeneratedRegex("_max_retries_(?<number>[0-9]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Retries();
}
