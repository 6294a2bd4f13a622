using System.Globalization;
using System.Text.RegularExpressions;
using PrefectPS.Results;

namespace PrefectPS.States;

/// <summary>The messages of states: Prefect's own texts where it has one.</summary>
internal static class StateMessages
{
    public const string Succeeded = "Task run succeeded.";
    public const string Starting = "Starting task run.";
    public const string TimedOut = "Task timed out during execution.";
    public const string Cancelled = "Flow run is cancelled";
    public const string Undone = "The task was undone.";
    public const string RestartInUndo = "Send-FlowSignal -RestartComputer can be used in the script block of a task, not in its -Undo: a step can only continue after a restart that ended a task.";
    public const string UpstreamSkipped =
        "Upstream task was skipped; if this was not the intended behavior, consider changing `skip_on_upstream_skip=False` for this task.";

    public const string ConditionNotMet = "The condition of the task was not met.";

    public const string ReferencesSucceeded = "All reference tasks succeeded.";
    public const string ReferencesFailed = "Some reference tasks failed.";
    public const string NoReferenceFailed = "No reference tasks failed.";

    public static string AwaitsEvent(AwaitedEvent wait) => $"Waiting for event '{wait.Name}'{(wait.Until is { } until ? $" until {UtcText.Of(until)}" : string.Empty)}.";

    public static string AwaitsPlace(string tag, int count) =>
        count == 1 ? $"{NoPlace}the one of tag '{tag}' is taken in the store." : $"{NoPlace}all {count} of tag '{tag}' are taken in the store.";

    /// <summary>True if the message is that of a task waiting for a slot.</summary>
    public static bool IsAwaitingPlace(string? message) => message?.StartsWith(NoPlace, StringComparison.Ordinal) == true;

    private const string NoPlace = "Waits for a place: ";

    public static string EventReceived(AwaitedEvent received) =>
        received.Id is null ? $"Going on without event '{received.Name}'." : $"Event '{received.Name}' from {received.By}.";

    public static string EventTimedOut(AwaitedEvent wait) => $"No event '{wait.Name}' arrived until {UtcText.Of(wait.Until!.Value)}.";

    public static string Delayed(TimeSpan delay) => $"Delayed by {delay:c}.";

    public static string Polling(DateTimeOffset? until) => $"Polling{(until is { } end ? $" until {UtcText.Of(end)}" : string.Empty)}.";

    public static string PollTimedOut(DateTimeOffset until) => $"Polled until {UtcText.Of(until)}, and no answer was accepted.";

    public static string AnswerTestFailed(string error) => $"Unexpected error while checking the answer of a poll: {error}";

    public const string EventGone =
        "The result, which was never written, is needed again, but the payload of the task's event was not kept either. Set the task to Pending, and send the event again.";

    public static string RunTimedOut(TimeSpan timeout) => $"The run has taken longer than its -RunTimeout of {timeout:c}.";

    public static string Crashed(IReadOnlyList<TaskCrash> crashes)
    {
        var places = string.Join(", ", crashes.Select(crash => $"step {crash.Step} on {crash.Machine}"));
        return $"The process ended unexpectedly {(crashes.Count == 1 ? "once" : $"{crashes.Count} times")} while the task ran alone: {places}. "
            + "The task does not run again unless it is set to Pending. -MaxCrashes is the limit.";
    }

    public static string BodyFailed(string error) => $"Error during execution of task: {error}";

    public static string HandlerFailed(string error) => $"Unexpected error while calling state handlers: {error}";

    public static string EngineFailed(string error) => $"Unexpected error: {error}";

    public static string ConditionFailed(string error) => $"Unexpected error while checking the task's condition: {error}";

    public static string TriggerFailed(string error) => $"Unexpected error while checking task trigger: {error}";

    /// <summary>Shortens a message shown next to the state's name: <c>attempt 2 of 4</c>, <c>pass 2</c>; null if it adds nothing.</summary>
    public static string? InShort(string message) => message switch
    {
        ReadyToMap => null,
        _ when RetryingMessage.Match(message) is { Success: true } retry =>
            $"attempt {(int.Parse(retry.Groups["attempt"].Value, CultureInfo.InvariantCulture) + 1L).ToString(CultureInfo.InvariantCulture)} of {retry.Groups["all"].Value}",
        _ when LoopMessage.Match(message) is { Success: true } loop => $"pass {loop.Groups["pass"].Value}",
        _ => message,
    };

    public static string Retrying(int attempt, int maxRetries) => $"Retrying Task (after attempt {attempt} of {maxRetries + 1L})";

    private static readonly Regex RetryingMessage =
        new(@"^Retrying Task \(after attempt (?<attempt>[0-9]{1,9}) of (?<all>[0-9]{1,10})\)$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static readonly Regex LoopMessage =
        new(@"^(Task is looping \(|Looping task \(on loop index )(?<pass>[0-9]{1,10})\)$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    public static string Restarts(string computer, string task) => $"Computer '{computer}' restarts after this step has ended, because task '{task}' requested it.";

    public static string DoesNotRestart(string computer, string task, State state, bool isRerun) => isRerun
        ? $"Computer '{computer}' does not restart: task '{task}', which requested it, runs again only for its result, which was not kept."
        : $"Computer '{computer}' does not restart: task '{task}', which requested it, is {state.Type.Name()}.";

    public const string ReadyToMap = "Ready to proceed with mapping.";
    public const string NothingToMap = "No upstream states can be mapped over.";
    public static string TooFewToMap(MapGoal goal, int count) => string.Format(
        CultureInfo.InvariantCulture, "The task is mapped over {0} elements, fewer than -MapAtLeast {1}: no child was started.", count, goal.AtLeast);

    public const string Unmappable = "At least one upstream state has an unmappable result.";

    public static string ResultUnknown(string task, string upstream) =>
        $"Task '{task}' receives null for the result of task '{upstream}', which the state document does not contain. "
        + $"Set it with Set-FlowTaskState -Task '{upstream}' -To Success -Result, or run '{upstream}' again.";

    public static string SecretIsShort(string task, int length) =>
        $"A secret that task '{task}' returns has fewer than {length} characters: in messages and errors it is only found as plain text, "
        + "and with fewer than four characters only where it stands alone.";

    public static string SubflowFailed(string flow, string task, string? message) => $"Subflow '{flow}' failed: task '{task}': {message}";

    public static string Subflow(ISubflowRun run) => $"Subflow '{run.FlowName}': {run.Message}";

    public static string IsLooping(int count) => $"Task is looping ({count})";

    public static string Looping(int index) => $"Looping task (on loop index {index})";

    public static string TargetFound(string target) => $"Result found at task target {target}";

    public static string TargetTaken(string target) => $"Result found at task target {target}, written by another task or process while the task ran";

    public const string NoneSelected = "The flow no longer has any of the selected tasks.";

    public static string OfSelected(string message, int count, int total) => $"{message} {count} of {total} tasks are selected.";

    public static string StillToRun(int count, int total, int failed) => $"{SoFar(failed)}{count} of {total} tasks still to run.";

    public static string StillScheduled(int count, int total, int failed) => $"{SoFar(failed)}{count} of {total} tasks scheduled for later.";

    public static string StillPaused(int count, int total, int failed, bool forEvents) => $"{SoFar(failed)}{count} of {total} tasks wait for approval{(forEvents ? " or an event" : "")}.";

    public static string NotDue(DateTimeOffset due) => $"No run is due before {UtcText.Of(due)}.";

    public static string SomeCancelled(int count, int total) => $"{count} of {total} tasks cancelled.";

    public static string UndoRetried(string error, int attempt, int maxRetries) => $"The undo failed, and will be retried (after attempt {attempt} of {maxRetries + 1L}): {error}";

    public static string Undoing(string message, int left) => $"{message.TrimEnd('.')}; {left} {(left == 1 ? "task" : "tasks")} still to be undone.";

    public static string NotUndone(string message, int count) => $"{message.TrimEnd('.')}; {count} {(count == 1 ? "task" : "tasks")} could not be undone.";

    // First, in case the rest is cut off.
    private static string SoFar(int failed) => failed == 0 ? string.Empty : $"{failed} failed; ";
}
