using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Summary of a recorded run, as its last step left it. Immutable.</summary>
public sealed class FlowRun
{
    /// <summary>Creates the summary of a run of which only the id is known.</summary>
    /// <param name="store">The store it is in.</param>
    /// <param name="flow">The flow's name.</param>
    /// <param name="runId">The run's id.</param>
    public FlowRun(IFlowStore store, string flow, string runId)
    {
        Provider = store;
        Flow = flow;
        RunId = runId;
    }

    /// <summary>The flow's name.</summary>
    public string Flow { get; }

    /// <summary>The run's id.</summary>
    public string RunId { get; }

    /// <summary>Scheduled time (<c>New-Flow -Schedule</c>), which is also the run's id; UTC. Null if it was started by hand.</summary>
    public DateTimeOffset? ScheduledStartTime => ScheduledTime.Find(RunId);

    /// <summary>Prefect's name of the run's state.</summary>
    public string State => StateType.Name();

    /// <summary>Message of the run's state.</summary>
    public string Message { get; internal init; } = string.Empty;

    /// <summary>Number of steps so far.</summary>
    public int Step { get; internal init; }

    /// <summary>Start of the run; UTC. Null if it has not begun (Get-FlowRun -Overdue).</summary>
    public DateTimeOffset? StartTime => Begun == default ? null : Begun;

    /// <summary>Former name of <see cref="StartTime"/>.</summary>
    [Obsolete("Use StartTime.")]
    public DateTimeOffset? Started => StartTime;

    /// <summary>Former name of <see cref="UpdateTime"/>.</summary>
    [Obsolete("Use UpdateTime.")]
    public DateTimeOffset Updated => UpdateTime;

    /// <summary>Start of the run; default if it has not begun.</summary>
    internal DateTimeOffset Begun { get; init; }

    /// <summary>End of the last step; UTC.</summary>
    public DateTimeOffset UpdateTime { get; internal init; }

    /// <summary>Due time of the earliest scheduled task if nothing can run before; UTC. Else null.</summary>
    public DateTimeOffset? NextStartTime { get; internal init; }

    /// <summary>Number of tasks, or of selected tasks; mapped tasks count by their children.</summary>
    public int TaskCount { get; internal init; }

    /// <summary>Number of tasks that have ended, successful or not.</summary>
    public int FinishedCount { get; internal init; }

    /// <summary>Number of failed tasks.</summary>
    public int FailedCount { get; internal init; }

    /// <summary>True if the run is over, successful or not. A cancelled run can continue.</summary>
    public bool IsFinished => !IsUndoing && StateType.IsFinished() && (StateType != StateType.Cancelled || FinishedCount == TaskCount);

    /// <summary>True if the run has ended and is being undone, or is to be (Undo-FlowRun).</summary>
    public bool IsUndoing { get; internal init; }

    /// <summary>True if the run is suspended (Suspend-FlowRun): nothing runs until it is resumed (Resume-FlowRun).</summary>
    public bool IsSuspended => Hold is { IsStop: false };

    /// <summary>True if the run was stopped (Stop-FlowRun) and is therefore over.</summary>
    public bool IsStopped => Hold is { IsStop: true };

    /// <summary>Who suspended or stopped the run; null if neither.</summary>
    public string? RequestedBy => Hold?.By;

    /// <summary>Reason of the suspension or stop; null if neither, or none was given.</summary>
    public string? Reason => Hold?.Reason;

    /// <summary>Why the run is overdue; null unless requested (Get-FlowRun -Overdue) and it is.</summary>
    public string? OverdueReason { get; private set; }

    /// <summary>Name of the store.</summary>
    public string Store => Provider.Name;

    internal IFlowStore Provider { get; }

    /// <summary>The type of the run's state.</summary>
    internal StateType StateType { get; init; }

    /// <summary>Incarnation: distinguishes runs with the same id.</summary>
    internal string Incarnation { get; init; } = string.Empty;

    /// <summary>Number of the last journal record it includes.</summary>
    internal int Record { get; init; }

    /// <summary>The record that opened the last step; for a run being removed, a unique mark.</summary>
    internal RecordReference Opening { get; init; }

    /// <summary>Stop or suspension in effect; null if neither.</summary>
    internal RunHold? Hold { get; init; }

    /// <summary>Notifications still to be sent.</summary>
    internal IReadOnlyList<NotifyReason> Due { get; init; } = [];

    /// <summary>The operation in progress.</summary>
    internal EntryMark Mark { get; init; }

    /// <summary>True if the removal of an incarnation has begun: it no longer exists, and whoever finds the mark completes the removal.</summary>
    /// <param name="incarnation">The incarnation.</param>
    /// <param name="record">The last record of its summary as a finished run: if it has continued since the remover looked, the mark came too late.</param>
    internal bool Removes(string incarnation, int record) => Mark == EntryMark.Removing && Incarnation == incarnation && record <= Record;

    /// <summary>The flow; null if only its name is known.</summary>
    internal Flow? Definition { get; private set; }

    internal RunFolder Folder => new(Flow, RunId);

    /// <summary>The flow, the run and its state.</summary>
    public override string ToString() => $"{Flow}, run {RunId}: {State}";

    /// <summary>Adds the flow.</summary>
    internal FlowRun With(Flow definition)
    {
        var run = (FlowRun)MemberwiseClone();
        run.Definition = definition;
        return run;
    }

    /// <summary>Adds the reason why the run is overdue.</summary>
    internal FlowRun With(string overdueReason)
    {
        var run = (FlowRun)MemberwiseClone();
        run.OverdueReason = overdueReason;
        return run;
    }

    /// <summary>Updates the summary with what a step has recorded since.</summary>
    internal FlowRun At(FlowState run)
    {
        var now = Of(Provider, run, Incarnation, UpdateTime, Mark);
        return new(Provider, Flow, RunId)
        {
            Incarnation = Incarnation,
            Mark = Mark,
            Hold = now.Hold,
            Due = now.Due,
            IsUndoing = now.IsUndoing,
            StateType = now.Hold is null ? StateType.Pending : now.StateType,
            Message = now.Hold is null ? StateMessages.StillToRun(now.TaskCount - now.FinishedCount, now.TaskCount, now.FailedCount) : now.Message,
            Step = run.Step,
            Begun = Begun,
            UpdateTime = UpdateTime,
            TaskCount = now.TaskCount,
            FinishedCount = now.FinishedCount,
            FailedCount = now.FailedCount,
        };
    }

    // Without a selection, settled tasks are only counted.
    private static (int Total, int Finished, int Failed) Count(FlowState run)
    {
        var (plan, selected) = (run.Flow.Plan, run.Selected);
        var (total, finished, failed) = selected is null ? (run.Settled.Count, run.Settled.Count, run.Settled.Failed) : default;
        foreach (var task in selected is null ? run.Settled.Unsettled : plan.Order)
        {
            if (selected?.Has(task) == false)
                continue;
            if (run.States[task].Children is not { } children)
                Add(run.States[task]);
            else
                Array.ForEach(children, Add);
        }

        return (total, finished, failed);

        void Add(State state)
        {
            total++;
            finished += state.IsFinished && !state.IsCancelledByBudget ? 1 : 0;
            failed += state.IsFailed ? 1 : 0;
        }
    }

    /// <summary>Summarizes a run.</summary>
    internal static FlowRun Of(IFlowStore store, FlowState run, string incarnation, DateTimeOffset updated, EntryMark mark = EntryMark.None, int record = 0,
        RecordReference opening = default)
    {
        var count = Count(run);
        return new(store, run.Flow.Name, run.RunId)
        {
            Incarnation = incarnation,
            Mark = mark,
            Record = record,
            Opening = opening,
            Hold = run.IsSuspended || run.IsStopped ? run.Identity.Control.Hold : null,
            Due = run.Identity.Control.Due,
            StateType = run.StateType,
            Message = run.Message,
            Step = run.Step,
            Begun = run.StartTime,
            UpdateTime = updated,
            NextStartTime = run.NextStartTime,
            IsUndoing = run.IsUndoing,
            TaskCount = count.Total,
            FinishedCount = count.Finished,
            FailedCount = count.Failed,
        };
    }
}
