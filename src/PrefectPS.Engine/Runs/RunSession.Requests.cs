using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <content>Applying requests from the inbox while holding the lease, without taking a step: docs/runs.md has the order of writes.</content>
public sealed partial class RunSession
{
    /// <summary>Opens a run only to apply its requests.</summary>
    /// <param name="files">The store.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="flow">Its flow, or an outline of it.</param>
    /// <param name="isOutline">Whether it is an outline, which can neither set tasks nor write a checkpoint.</param>
    /// <returns>The session; null if someone else works on the run.</returns>
    /// <exception cref="FlowException">As for <see cref="Open"/>.</exception>
    internal static RunSession? TryOpenForRequests(RunFiles files, RunFolder folder, Flow flow, bool isOutline)
    {
        RunSession? session = null;
        if (Lease.TryTake(files, folder.Lease, flow.Services, () => session?._journal?.FailAsTakenOver(), appliesRequests: true) is not { } lease)
            return null;
        session = new(files, folder, flow, own: null, lease) { IsOutline = isOutline };
        return session.Begin();
    }

    /// <summary>Updates the index from the record, in case the applier died before it did.</summary>
    internal void SettleSummary()
    {
        if (Stored is { Run: var run } && _entry.Run is { Mark: EntryMark.None } entry && (run.IsOver || entry.Record != Stored.Last))
            PutStoredSummary(run);
    }

    /// <summary>Reopens an ended run, so that the flow's next step finds its requests.</summary>
    internal void Reopen()
    {
        if (Stored is not { Run: var run } || _entry.Run is not null)
            return;
        WriteEntry(run, EntryMark.Reopening);
        Confirm(run);
    }

    private bool IsOutline { get; init; }

    // If a late write of another process took a record's number, the run is read again.
    private void ApplyRequests()
    {
        for (var looks = 1; Stored is not null; looks++)
        {
            var inbox = new Inbox(_files, Incarnation, _flow.Services.Values);
            var known = Stored.Run.Identity.Control;
            var found = Applicable(inbox.Read(known, known));
            if (found.Count == 0)
                return;
            if (looks > LeaseOptions.MaxLateWrites)
                throw FlowErrors.RunTakenOver(_folder);
            if (TryApply((states, _) => ApplyAll(states, found)))
                inbox.Delete(found.Select(each => each.Path));
            Read();
        }
    }

    // Without the flow, edits and undos wait for a session that has it, and so do later requests of the same sender.
    private IReadOnlyList<InboxRequest> Applicable(IReadOnlyList<InboxRequest> found)
    {
        if (!IsOutline)
            return found;
        var waiting = new HashSet<string>(StringComparer.Ordinal);
        return [.. found.Where(each => !waiting.Contains(each.Request.By) && (!NeedsFlow(each.Request) || !waiting.Add(each.Request.By)))];
    }

    private static bool NeedsFlow(ControlRequest request) => request.Kind is RequestKind.Edit or RequestKind.Undo;

    private static void ApplyAll(RunStates states, IReadOnlyList<InboxRequest> requests)
    {
        foreach (var each in requests)
            RequestApplication.Apply(states, each.Request);
    }

    // The record makes it final. A checkpoint follows only if the last step has ended and the flow is known.
    private bool TryApply(Action<RunStates, JournalRecorder> apply)
    {
        var before = Stored!.Run;
        using var journal = _journal = JournalOfNoStep(before);
        try
        {
            var recorder = new JournalRecorder(journal, _lease, _files.Store);
            var states = new RunStates(before, recorder);
            apply(states, recorder);
            var after = WithDueNotice(before, states.ToState(before.Identity), recorder);
            if (!_lease.IsHeld(mustRenew: false))
                throw FlowErrors.RunTakenOver(_folder);
            if (!TryEnter(after))
                return false;
            if (!IsOutline && Stored.Step == Stored.ClosedStep)
            {
                Close(after);
            }
            else
            {
                journal.WriteBetweenSteps();
                PutSummary(after, journal.Last, journal.OpeningReference);
            }

            return true;
        }
        catch (FlowException) when (journal.IsOpeningTaken && _lease.IsHeld(mustRenew: true))
        {
            return false;
        }
        finally
        {
            _journal = null;
        }
    }
}
