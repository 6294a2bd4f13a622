using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Decides which changes of a run deserve a notification: it ended, or it began to wait for a person.</summary>
internal static class NotificationRule
{
    /// <summary>Reason to notify after a change of a run; null if there is none.</summary>
    /// <param name="before">The run before the change; null for a new run.</param>
    /// <param name="after">The run after the change.</param>
    public static NotifyReason? Of(FlowState? before, FlowState after)
    {
        if (after.HasEnded)
            return HasEndedAnew(before, after) ? OfEnd(after) : null;
        if (after.IsSuspended)
            return before is { IsSuspended: true } ? null : NotifyReason.Paused;
        return WaitsAnew(before?.States, after.States) ? NotifyReason.Paused : null;
    }

    // An ended run may have continued and ended the same way again; undoing it in between is not continuing.
    private static bool HasEndedAnew(FlowState? before, FlowState after) =>
        before is not { HasEnded: true } || (before.Step != after.Step && !before.IsUndoing) || before.State != after.State || before.IsStopped != after.IsStopped;

    private static NotifyReason OfEnd(FlowState run) =>
        run.StateType.IsFailed() ? NotifyReason.Failed
        : run.StateType == StateType.Cancelled ? NotifyReason.Cancelled
        : NotifyReason.Success;

    // Indexes are stable within a run; children and subflow runs may have been added.
    private static bool WaitsAnew(State[]? before, State[] after)
    {
        for (var i = 0; i < after.Length; i++)
        {
            var was = before is not null && i < before.Length ? before[i] : null;
            if (!ReferenceEquals(was, after[i]) && WaitsAnew(was, after[i]))
                return true;
        }

        return false;
    }

    private static bool WaitsAnew(State? before, State after) =>
        after.Children is { } children ? WaitsAnew(before?.Children, children)
        : (after.CanBeApproved && before is not { CanBeApproved: true })
            || (!after.IsFinished && after.SubflowRun is { } subflow && WaitsAnew(before?.SubflowRun?.States, subflow.States));
}
