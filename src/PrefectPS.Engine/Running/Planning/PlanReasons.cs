using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Reasons shown for planned actions.</summary>
internal static class PlanReasons
{
    public const string TargetIsCode = "its target is made by a script block, which a plan does not run";
    public const string TriggerIsCode = "its trigger is a script block, which a plan does not run";
    public const string ConditionIsCode = "its condition (-When) is a script block, which a plan does not run";
    public const string FilterIsCode = "a script block, which a plan does not run, decides whether it is retried";
    public const string BudgetIsNotKnown = "whether -MaxTasks is used up depends on a task that may or may not run";
    public const string MapMayBeOver = "whether it starts depends on the outcome of the other children";
    public const string NotSelected = "is not selected";
    public const string NothingToMap = "is mapped over an empty list";

    public const string HasNothingToUndo = "has no -Undo, and is downstream of a task that is undone";
    public const string OfUndoBudget = "is to be undone in a later step, because the budget is used up";
    public const string OfUndoBehind = "is to be undone after others that wait";

    /// <summary>Reason for an undo that is retried later.</summary>
    public static string OfUndoRetry(DateTimeOffset due) => $"its undo is retried at {UtcText.Of(due)}";

    /// <summary>Reason for an undo.</summary>
    public static string OfUndo(State state) => state.Undo is { Attempt: > 1 and var attempt } ? $"is to be undone; this is attempt {Number(attempt)}" : "is to be undone";

    /// <summary>Reason for an undo that waits for a tag slot.</summary>
    public static string OfPlace(string tag, ITagPlaces places) => Line(StateMessages.AwaitsPlace(tag, places.Limits[tag]));

    /// <summary>Action and reason of a decision before the body; null if children or subflow tasks have their own.</summary>
    public static (FlowPlanAction Action, string Reason)? Of(StepPlan plan, WorkingRun run, TaskRun task, TaskDecision decision) => decision.Kind switch
    {
        DecisionKind.Run => (FlowPlanAction.Run, OfRun(plan, run, task)),
        DecisionKind.Defer => (FlowPlanAction.Wait, OfBudget(task, decision.Limit)),
        DecisionKind.Wait => OfWait(plan, run, task),
        _ => OfEnd(decision.State),
    };

    /// <summary>Action and reason for a task that ends, or is left, without its body; null if its children have their own.</summary>
    public static (FlowPlanAction Action, string Reason)? OfEnd(State state) => state.Type switch
    {
        StateType.Mapped => null,
        StateType.Cached => (FlowPlanAction.Cached, state.CachedUntil is { } until ? $"its result is in the cache until {UtcText.Of(until)}" : Line(state.Message)),
        var type when type.IsSkipped() => (FlowPlanAction.Skip, state.Message == StateMessages.UpstreamSkipped ? "an upstream task is skipped" : Line(state.Message)),
        var type when type.IsScheduled() => (FlowPlanAction.Wait, OfSchedule(state)),
        var type when type.IsFailed() => (FlowPlanAction.Fail, Line(state.Error?.Message is { } error && state.Type == StateType.Failed ? error : state.Message)),
        var type => (FlowPlanAction.Keep, $"ends {type.Name()}"),
    };

    /// <summary>Reason for a task that had already ended.</summary>
    public static string OfEnded(State state) =>
        state.IsCancelledByBudget ? "is Cancelled; it runs only if it is first set to Pending, for example with -ResetCancelled"
        : state.Ended is { } ended ? $"has ended {state.Type.Name()} at {UtcText.Of(ended)}"
        : $"has ended {state.Type.Name()}";

    /// <summary>Reason for an unknown action: the results or tasks it depends on.</summary>
    public static string OfResults(WorkingRun run, TaskRun task) =>
        task.Task.IsMapped && task.MapIndex is null ? OfList(run, task) : $"what happens depends on {ResultsOf(run, task)}";

    /// <summary>Reason for an unknown number of children.</summary>
    public static string OfList(WorkingRun run, TaskRun task) => $"how often it runs depends on {ResultsOf(run, task)}";

    private static string ResultsOf(WorkingRun run, TaskRun task)
    {
        string[] makers = [.. UpstreamOf(run, task).Where(upstream => upstream.State.IsResultNotMade).Select(upstream => upstream.Slug)];
        return makers.Length == 0 ? "a result that does not exist yet" : $"the result of {Names(makers)}, which does not exist yet";
    }

    private static string OfRun(StepPlan plan, WorkingRun run, TaskRun task)
    {
        var given = task.Given;
        string[] again = [.. UpstreamOf(run, task).Where(upstream => plan.Runs(run.Path + upstream.Slug)).Select(upstream => upstream.Slug)];
        return task.IsRerun ? "its result, a secret that was not kept, is needed again"
            : task.IsUnderWay ? "its subflow is in progress"
            : given.Type.IsRunning() ? $"its process ended while it ran; this is attempt {Number(task.Attempt)}"
            : given.Type == StateType.Retrying && task.Task.Retry is { MaxRetries: > 0 and var retries } ? $"attempt {Number(task.Attempt)} of {Number(retries + 1)} is due"
            : given.Type == StateType.Retrying ? $"attempt {Number(task.Attempt)} is due"
            : given.Event is { Name: var name } ? $"event '{name}' has arrived, or the wait has ended"
            : task.State.Event is { Name: var taken } ? $"event '{taken}' has arrived"
            : task.IsResumed ? "was approved"
            : given is { HasPolled: true, DueTime: { } poll } ? $"its next poll was due at {UtcText.Of(poll)}"
            : given is { IsDelayed: true, DueTime: { } begin } ? $"was delayed until {UtcText.Of(begin)}"
            : given.Type.IsScheduled() && given.DueTime is { } due ? $"was due at {UtcText.Of(due)}"
            : given.ForceRerun && again.Length > 0 ? $"upstream {Names(again)} runs again"
            : given.ForceRerun ? "was set to run again"
            : given.LoopCount > 1 ? $"pass {Number(given.LoopCount)} of its loop is next"
            : task.TargetChange is { } change ? $"{change.Words} since its target {task.TargetPath} was made"
            : task.HasPerformed(Effect.FindTarget) ? $"its target {task.TargetPath} is missing"
            : task.HasPerformed(Effect.FindCached) ? "its result is not in the cache"
            : again.Length > 0 ? $"has not run, and is downstream of {Names(again)}"
            : "has not run";
    }

    private static string OfBudget(TaskRun task, BudgetLimit limit) =>
        limit == BudgetLimit.TooShort && task.Task.ExpectedDuration is { } expected
            ? $"is expected to run for {expected:c}, longer than the time that the step has left"
            : "the step's budget is used up";

    private static (FlowPlanAction Action, string Reason) OfWait(StepPlan plan, WorkingRun run, TaskRun task)
    {
        if (task.State.Type.IsScheduled() && (task.State.AwaitsApproval || task.State.DueTime is not null) && task.Upstream.Finished == task.Upstream.Total)
            return (FlowPlanAction.Wait, OfSchedule(task.State));
        var open = UpstreamOf(run, task).Where(upstream => !upstream.State.IsFinished).ToList();
        if (open.Find(upstream => plan.IsWaiting(run.Path + upstream.Slug) || !plan.IsUnknown(run.Path + upstream.Slug)) is { Slug: not null } waiting)
            return (FlowPlanAction.Wait, $"is downstream of '{waiting.Slug}', which waits");
        return open.Count > 0
            ? (FlowPlanAction.Unknown, $"is downstream of {Names([.. open.Select(upstream => upstream.Slug)])}, whose outcome is not known")
            : (FlowPlanAction.Wait, $"is {task.State.Type.Name()}");
    }

    private static string OfSchedule(State state) =>
        state.Event is { IsWaiting: true, Name: var name, Until: var until } ? $"waits for event '{name}'{(until is { } end ? $" until {UtcText.Of(end)}" : "")}"
        : state.AwaitsApproval ? "waits for approval"
        : StateMessages.IsAwaitingPlace(state.Message) ? Line(state.Message)
        : state is { HasPolled: true, DueTime: { } poll } ? $"its next poll is at {UtcText.Of(poll)}"
        : state is { IsDelayed: true, DueTime: { } begin } ? $"is delayed until {UtcText.Of(begin)}"
        : state.DueTime is { } due ? $"is due at {UtcText.Of(due)}"
        : $"is {state.Type.Name()}";

    // The upstream tasks or, for a child that waits for a child, its counterpart.
    private static IEnumerable<(string Slug, State State)> UpstreamOf(WorkingRun run, TaskRun task)
    {
        foreach (var upstream in run.Plan.UpstreamOf(task.Task.Index).ToArray())
        {
            var state = run.States[upstream];
            yield return task.MapIndex is { } child && run.Plan.WaitsByChild(task.Task.Index, upstream) && state.Children is { } children && child < children.Length
                ? (ChildSlug.Of(run.Plan.Tasks[upstream], child), children[child])
                : (run.Plan.Tasks[upstream].Slug, state);
        }
    }

    private static string Names(string[] slugs)
    {
        const int Few = 3;
        var shown = string.Join(", ", slugs.Take(Few).Select(slug => $"'{slug}'"));
        return slugs.Length > Few ? $"{shown} and {Number(slugs.Length - Few)} more" : shown;
    }

    private static string Line(string? message) => string.IsNullOrEmpty(message) ? "" : TerminalText.Of(message!.Split('\n')[0].TrimEnd().TrimEnd('.'));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
