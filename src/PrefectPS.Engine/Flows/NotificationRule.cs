using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>What of a run is worth telling: how it has ended, and that it waits for somebody. That it still does is not told again.</summary>
internal static class NotificationRule
{
    /// <summary>What there is to tell after something has become of a run; null for nothing.</summary>
    /// <param name="before">The run as it was; null where it begins.</param>
    /// <param name="after">The run as it is now.</param>
    public static NotifyReason? Of(FlowState? before, FlowState after)
    {
        if (after.HasEnded)
            return HasEndedAnew(before, after) ? OfEnd(after) : null;
        if (after.IsSuspended)
            return before is { IsSuspended: true } ? null : NotifyReason.Paused;
        return WaitsAnew(before?.States, after.States) ? NotifyReason.Paused : null;
    }

    // A run that has ended may have gone on, and ended alike; one that is undone meanwhile has not gone on.
    private static bool HasEndedAnew(FlowState? before, FlowState after) =>
        before is not { HasEnded: true } || (before.Step != after.Step && !before.IsUndoing) || before.State != after.State || before.IsStopped != after.IsStopped;

    private static NotifyReason OfEnd(FlowState run) =>
        run.StateType.IsFailed() ? NotifyReason.Failed
        : run.StateType == StateType.Cancelled ? NotifyReason.Cancelled
        : NotifyReason.Success;

    // The tasks of two states of one run stand at the same places; children and subflow runs may have been made since.
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
