using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <content>
/// How somebody is told of a run: what is due stands on record, with what it is about, before the call is made; after it, a record says that it was. So it is made
/// at least once, and again only where the process died, or was taken over, between the two.
/// </content>
public sealed partial class RunSession
{
    /// <summary>Tells of the last step, where that ended without a word. The record that opens this one says that it was told.</summary>
    private void TellOfCrash(FlowState given)
    {
        if (Stored is not { HasJustCrashed: true } || given.IsStopped || given.IsSuspended)
            return;
        if (_flow.Notification is { } notification && notification.On.Contains(NotifyReason.Crashed))
            notification.Tell(given, NotifyReason.Crashed);
    }

    // Whoever was to tell has died, or did not have the flow: before anything else becomes of the run.
    private void TellWhatIsDue()
    {
        if (IsOutline || Stored is not { Run: var run } || !IsToBeTold(run))
            return;
        TellNow(run);
        MarkAsTold();
        Read();
    }

    private FlowState Tell(FlowState after)
    {
        if (IsOutline || !IsToBeTold(after))
            return after;
        TellNow(after);
        Read(); // the step that has just ended has written records
        MarkAsTold();
        return after.With(after.Identity with { Control = after.Identity.Control with { Due = [] } }, after.States);
    }

    private void TellNow(FlowState run)
    {
        foreach (var due in run.Identity.Control.Due.Where(_flow.Notification!.On.Contains))
            _flow.Notification.Tell(run, due);
    }

    private void MarkAsTold()
    {
        for (var looks = 1; Stored is { Run.Identity.Control.Due.Count: > 0 } && !TryApply((states, _) => states.ClearDue()); looks++)
        {
            if (looks > LeaseOptions.MaxLateWrites)
                throw FlowErrors.RunTakenOver(_folder);
            Read();
        }
    }

    // Who has no more than an outline of the flow leaves it to the next who has the flow: the head says whether anybody is to be told.
    private FlowState WithWhatIsDue(FlowState? before, FlowState after, JournalRecorder recorder)
    {
        var due = !IsOutline ? _flow.Notification?.DueAfter(before, after)
            : NotificationRule.Of(before, after) is { } reason && _notifies.Contains(reason.ToString(), StringComparer.Ordinal) ? reason
            : null;
        if (due is not { } added)
            return after;
        recorder.RecordNotice(added);
        return after.With(after.Identity with { Control = after.Identity.Control.WithDue(added) }, after.States);
    }

    // Its entry stays among those of unfinished runs, where the flow's next step finds it.
    private bool IsToBeTold(FlowState run) => run.Identity.Control.Due.Any(due => IsOutline || _flow.Notification?.On.Contains(due) == true);
}
