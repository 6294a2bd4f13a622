using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>A run on record in a store, as its last step left it. Immutable.</summary>
public sealed class FlowRun
{
    internal FlowRun(IFlowStore store, string flow, string runId)
    {
        Provider = store;
        Flow = flow;
        RunId = runId;
    }

    /// <summary>The flow's name.</summary>
    public string Flow { get; }

    /// <summary>The run's id.</summary>
    public string RunId { get; }

    /// <summary>When it was scheduled for (<c>New-Flow -Schedule</c>), which is its id; UTC. Null where no schedule began it.</summary>
    public DateTimeOffset? ScheduledStartTime => ScheduledTime.Find(RunId);

    /// <summary>The name of the run's state, as Prefect has it.</summary>
    public string State => StateType.Name();

    /// <summary>What is to be said about its state.</summary>
    public string Message { get; internal init; } = string.Empty;

    /// <summary>How many steps it has had.</summary>
    public int Step { get; internal init; }

    /// <summary>When it was started; UTC. Null of one that has not begun (Get-FlowRun -Overdue).</summary>
    public DateTimeOffset? StartTime => Begun == default ? null : Begun;

    /// <summary>The former name of <see cref="StartTime"/>.</summary>
    [Obsolete("Use StartTime.")]
    public DateTimeOffset? Started => StartTime;

    /// <summary>The former name of <see cref="UpdateTime"/>.</summary>
    [Obsolete("Use UpdateTime.")]
    public DateTimeOffset Updated => UpdateTime;

    /// <summary>The start time; default for a run that has not begun.</summary>
    internal DateTimeOffset Begun { get; init; }

    /// <summary>When its last step ended; UTC.</summary>
    public DateTimeOffset UpdateTime { get; internal init; }

    /// <summary>When the earliest scheduled task is due, where nothing can run before; UTC. Else null.</summary>
    public DateTimeOffset? NextStartTime { get; internal init; }

    /// <summary>How many tasks it has, or are selected; children count in the place of their mapped task.</summary>
    public int TaskCount { get; internal init; }

    /// <summary>How many of them have ended, well or not.</summary>
    public int FinishedCount { get; internal init; }

    /// <summary>How many of them have failed.</summary>
    public int FailedCount { get; internal init; }

    /// <summary>Whether it is over, well or not. One that was cancelled can go on.</summary>
    public bool IsFinished => !IsUndoing && StateType.IsFinished() && (StateType != StateType.Cancelled || FinishedCount == TaskCount);

    /// <summary>Whether it has ended, and what it has done is being undone, or is to be (Undo-FlowRun).</summary>
    public bool IsUndoing { get; internal init; }

    /// <summary>Whether it is suspended (Suspend-FlowRun): nothing of it runs until it is resumed (Resume-FlowRun).</summary>
    public bool IsSuspended => Halt is { IsStop: false };

    /// <summary>Whether it was stopped (Stop-FlowRun), and is over by that.</summary>
    public bool IsStopped => Halt is { IsStop: true };

    /// <summary>Who suspended or stopped it; null where it is neither.</summary>
    public string? RequestedBy => Halt?.By;

    /// <summary>Why it is suspended or was stopped; null where it is neither, or nothing was said.</summary>
    public string? Reason => Halt?.Reason;

    /// <summary>Why somebody should go on with it, where that was asked (Get-FlowRun -Overdue) and is so; else null.</summary>
    public string? OverdueReason { get; private set; }

    /// <summary>The store it is in.</summary>
    public string Store => Provider.Name;

    internal IFlowStore Provider { get; }

    /// <summary>The type of the run's state.</summary>
    internal StateType StateType { get; init; }

    /// <summary>Tells apart runs that have had this id.</summary>
    internal string Incarnation { get; init; } = string.Empty;

    /// <summary>The number of the last record of the journal that it includes.</summary>
    internal int Record { get; init; }

    /// <summary>The record that opened its last step; of a run that is being removed, what tells one mark from another.</summary>
    internal RecordMark Opening { get; init; }

    /// <summary>That it is suspended or was stopped; null for neither.</summary>
    internal RunMark? Halt { get; init; }

    /// <summary>What somebody is to be told of it, and was not yet.</summary>
    internal IReadOnlyList<NotifyReason> Due { get; init; } = [];

    /// <summary>What was begun with the run.</summary>
    internal EntryMark Mark { get; init; }

    /// <summary>Whether a removal of an incarnation has begun: then it exists no more, and whoever meets the mark ends that.</summary>
    /// <param name="incarnation">The incarnation.</param>
    /// <param name="record">The last record that its summary includes as a finished run: where it has gone on since the remover looked, the mark came too late.</param>
    internal bool Removes(string incarnation, int record) => Mark == EntryMark.Removing && Incarnation == incarnation && record <= Record;

    /// <summary>The flow itself; null where only its name is known.</summary>
    internal Flow? Definition { get; private set; }

    internal RunFolder Folder => new(Flow, RunId);

    /// <summary>The flow, the run and its state.</summary>
    public override string ToString() => $"{Flow}, run {RunId}: {State}";

    /// <summary>The same, with its flow.</summary>
    internal FlowRun With(Flow definition)
    {
        var run = (FlowRun)MemberwiseClone();
        run.Definition = definition;
        return run;
    }

    /// <summary>The same, overdue.</summary>
    internal FlowRun With(string overdueReason)
    {
        var run = (FlowRun)MemberwiseClone();
        run.OverdueReason = overdueReason;
        return run;
    }

    /// <summary>The same, with the tasks that have ended in a step since.</summary>
    internal FlowRun At(FlowState run)
    {
        var now = Of(Provider, run, Incarnation, UpdateTime, Mark);
        return new(Provider, Flow, RunId)
        {
            Incarnation = Incarnation,
            Mark = Mark,
            Halt = now.Halt,
            Due = now.Due,
            IsUndoing = now.IsUndoing,
            StateType = now.Halt is null ? StateType.Pending : now.StateType,
            Message = now.Halt is null ? StateMessages.StillToRun(now.TaskCount - now.FinishedCount, now.TaskCount, now.FailedCount) : now.Message,
            Step = run.Step,
            Begun = Begun,
            UpdateTime = UpdateTime,
            TaskCount = now.TaskCount,
            FinishedCount = now.FinishedCount,
            FailedCount = now.FailedCount,
        };
    }

    // Of those that have ended for good only their number is known, unless tasks are selected.
    private static (int Total, int Finished, int Failed) Count(FlowState run)
    {
        var (plan, selected) = (run.Flow.Plan, run.Selected);
        var (total, finished, failed) = selected is null ? (run.Settled.Count, run.Settled.Count, run.Settled.Failed) : default;
        foreach (var task in selected is null ? run.Settled.Others : plan.Order)
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

    /// <summary>The summary of a run.</summary>
    internal static FlowRun Of(IFlowStore store, FlowState run, string incarnation, DateTimeOffset updated, EntryMark mark = EntryMark.None, int record = 0,
        RecordMark opening = default)
    {
        var count = Count(run);
        return new(store, run.Flow.Name, run.RunId)
        {
            Incarnation = incarnation,
            Mark = mark,
            Record = record,
            Opening = opening,
            Halt = run.IsSuspended || run.IsStopped ? run.Identity.Control.Mark : null,
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
