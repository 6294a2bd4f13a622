using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <content>How who holds a run's lease, and takes no step, applies the requests in its inbox: docs/runs.md says what is written when.</content>
public sealed partial class RunSession
{
    /// <summary>Opens a run to apply what is requested of it, and no more.</summary>
    /// <param name="files">The store.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="flow">Its flow, or an outline of it.</param>
    /// <param name="isOutline">Whether it is an outline, which can neither set tasks nor write the run's document.</param>
    /// <returns>The session; null where someone else works on the run.</returns>
    /// <exception cref="FlowException">As of <see cref="Open"/>.</exception>
    internal static RunSession? TryOpenForRequests(RunFiles files, RunFolder folder, Flow flow, bool isOutline)
    {
        RunSession? session = null;
        if (Lease.TryTake(files, folder.Lease, flow.Services, () => session?._journal?.FailAsTakenOver(), appliesRequests: true) is not { } lease)
            return null;
        session = new(files, folder, flow, own: null, lease) { IsOutline = isOutline };
        return session.Begin();
    }

    /// <summary>Sees to it that the index tells what the record does: whoever put it there may have died before.</summary>
    internal void SettleSummary()
    {
        if (Stored is { Run: var run } && _entry.Run is { Mark: EntryMark.None } entry && (run.IsOver || entry.Record != Stored.Last))
            PutStoredSummary(run);
    }

    /// <summary>Puts a run that has ended among the open ones: the flow's next step finds what is asked of it there.</summary>
    internal void Reopen()
    {
        if (Stored is not { Run: var run } || _entry.Run is not null)
            return;
        WriteEntry(run, EntryMark.Reopening);
        Confirm(run);
    }

    private bool IsOutline { get; init; }

    // Where a late write of another process has the number of a record, the run is read again.
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

    // Without the flow an edit or an undo waits for one who has it, and so do later requests of the same sender.
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

    // The record makes it final. The document follows only where the last step has ended, and the flow is there to write it with.
    private bool TryApply(Action<RunStates, JournalRecorder> apply)
    {
        var before = Stored!.Run;
        using var journal = _journal = JournalOfNoStep(before);
        try
        {
            var recorder = new JournalRecorder(journal, _lease, _files.Store);
            var states = new RunStates(before, recorder);
            apply(states, recorder);
            var after = WithWhatIsDue(before, states.ToState(before.Identity), recorder);
            if (!_lease.IsHeld(isDoubted: false))
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
                PutSummary(after, journal.Last, journal.OpeningMark);
            }

            return true;
        }
        catch (FlowException) when (journal.IsOpeningTaken && _lease.IsHeld(isDoubted: true))
        {
            return false;
        }
        finally
        {
            _journal = null;
        }
    }
}
