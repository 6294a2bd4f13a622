using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>Receives events for a flow's runs from the network.</summary>
/// <param name="flow">The flow.</param>
public sealed class EventReception(Flow flow)
{
    /// <summary>The flow.</summary>
    public Flow Flow => flow;

    /// <summary>Finds a recorded run.</summary>
    /// <returns>The run; null if there is none.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.RunNotOnRecord"/>: the flow records none. <see cref="FlowErrorId.FlowInvalid"/>: the id is invalid. <see
    /// cref="FlowErrorId.RunDamaged"/> or <see cref="FlowErrorId.StoreFailed"/>.
    /// </exception>
    public AddressedRun? Find(string runId)
    {
        var files = FilesOf(runId);
        var folder = RunFolder.Of(flow.Name, runId);
        return ExistingRun.Find(files, folder) is { } existing && StoredRun.TryRead(files, existing, flow) is { } stored
            ? new(stored.Run, existing.Folder.Incarnation, new Inbox(files, existing.Folder, flow.Services.Values).Read(stored.Run.Identity.Control, RunControl.None))
            : null;
    }

    /// <summary>
    /// Sends an event to a run and waits until it is applied: by the step that works on the run or, if there is none, by this process, without running
    /// the flow's code.
    /// </summary>
    /// <param name="run">The run; it must still be the same incarnation.</param>
    /// <param name="request">The event.</param>
    /// <param name="timeout">Maximum wait.</param>
    /// <param name="cancellationToken">Cancels the wait; the event stays.</param>
    /// <returns>The run after the event was applied; null if that is left to whoever works on the run next.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.RunNotFound"/> or <see cref="FlowErrorId.StoreFailed"/>.</exception>
    public FlowState? Send(AddressedRun run, ControlRequest request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var runId = run.State.RunId;
        try
        {
            new RequestSender(FilesOf(runId), RunFolder.Of(flow.Name, runId), flow: null, flow.Services) { Incarnation = run.Incarnation, IsOwnStep = (_, _) => false }
                .Send(request, timeout, cancellationToken);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.RequestPending)
        {
            return null;
        }

        return Find(runId) is { } after && after.Incarnation == run.Incarnation ? after.State : throw FlowErrors.RunNotFound(flow.Store!.Name, runId);
    }

    private RunFiles FilesOf(string runId) => new(flow.Store ?? throw FlowErrors.RunNotOnRecord(runId, flow.Name));
}
