using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>Receives events for the runs of a flow from those who reach it by a network.</summary>
/// <param name="flow">The flow.</param>
public sealed class EventReception(Flow flow)
{
    /// <summary>The flow.</summary>
    public Flow Flow => flow;

    /// <summary>Finds a run on record.</summary>
    /// <returns>The run; null where there is none.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.RunNotOnRecord"/>: the flow keeps none. <see cref="FlowErrorId.FlowInvalid"/>: it is no id. <see cref="FlowErrorId.RunDamaged"/> or
    /// <see cref="FlowErrorId.StoreFailed"/>.
    /// </exception>
    public AddressedRun? Find(string runId)
    {
        var files = FilesOf(runId);
        var folder = RunFolder.Of(flow.Name, runId);
        return LivingRun.Find(files, folder) is { } living && StoredRun.TryRead(files, living, flow) is { } stored
            ? new(stored.Run, living.Folder.Incarnation, new Inbox(files, living.Folder, flow.Services.Values).Read(stored.Run.Identity.Control, RunControl.None))
            : null;
    }

    /// <summary>The incarnation of a run; null where there is no such run.</summary>
    /// <exception cref="FlowException">As of <see cref="Find"/>.</exception>
    internal string? IncarnationOf(string runId) => LivingRun.Find(FilesOf(runId), RunFolder.Of(flow.Name, runId))?.Head.Incarnation;

    /// <summary>
    /// Leaves an event for a run, and waits until it is applied: by the step that works on the run or, where none does, here and without the flow, whose code
    /// runs on its own thread only.
    /// </summary>
    /// <param name="run">The run, which is to be the same still.</param>
    /// <param name="request">The event.</param>
    /// <param name="timeout">How long it is waited.</param>
    /// <param name="cancellationToken">Ends the wait; the event stays.</param>
    /// <returns>The run once the event is applied; null where it is left for whoever works on the run next.</returns>
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
