using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <content>
/// Notifications, at least once: a pending notification is recorded with its cause before it is sent, and cleared by a record afterwards. It is repeated
/// only if the process dies, or is taken over, in between.
/// </content>
public sealed partial class RunSession
{
    /// <summary>Notifies of the last step's crash. The record that opens this step also says that this was done.</summary>
    private void NotifyCrash(FlowState given)
    {
        if (Stored is not { HasJustCrashed: true } || given.IsStopped || given.IsSuspended)
            return;
        if (_flow.Notification is { } notification && notification.On.Contains(NotifyReason.Crashed))
            notification.Send(given, NotifyReason.Crashed);
    }

    // The sender died, or did not have the flow: send before anything else happens to the run.
    private void SendDueNotices()
    {
        if (IsOutline || Stored is not { Run: var run } || !HasNotices(run))
            return;
        Notify(run);
        ClearNotices();
        Read();
    }

    private FlowState SendNotices(FlowState after)
    {
        if (IsOutline || !HasNotices(after))
            return after;
        Notify(after);
        Read(); // the step has written records
        ClearNotices();
        return after.With(after.Identity with { Control = after.Identity.Control with { Due = [] } }, after.States);
    }

    private void Notify(FlowState run)
    {
        foreach (var due in run.Identity.Control.Due.Where(_flow.Notification!.On.Contains))
            _flow.Notification.Send(run, due);
    }

    private void ClearNotices()
    {
        for (var looks = 1; Stored is { Run.Identity.Control.Due.Count: > 0 } && !TryApply((states, _) => states.ClearDue()); looks++)
        {
            if (looks > LeaseOptions.MaxLateWrites)
                throw FlowErrors.RunTakenOver(_folder);
            Read();
        }
    }

    // With only an outline of the flow, the notification is left to the next session that has the flow: the head says which reasons matter.
    private FlowState WithDueNotice(FlowState? before, FlowState after, JournalRecorder recorder)
    {
        var due = !IsOutline ? _flow.Notification?.DueAfter(before, after)
            : NotificationRule.Of(before, after) is { } reason && _notifies.Contains(reason.ToString(), StringComparer.Ordinal) ? reason
            : null;
        if (due is not { } added)
            return after;
        recorder.RecordNotice(added);
        return after.With(after.Identity with { Control = after.Identity.Control.WithDue(added) }, after.States);
    }

    // Keeps the entry among those of unfinished runs, where the flow's next step finds it.
    private bool HasNotices(FlowState run) => run.Identity.Control.Due.Any(due => IsOutline || _flow.Notification?.On.Contains(due) == true);
}
