using System.Collections.Concurrent;
using PrefectPS.Channels;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Http.Events;

/// <summary>Receives events: checks run and payload, stores the event, and publishes the run it resumes.</summary>
internal sealed class EventReceiver(EventOptions options, CancellationToken stop)
{
    private const int MaxSentOn = 10_000;

    private readonly ConcurrentDictionary<string, bool> _sentOn = new(StringComparer.Ordinal); // events after which this process published the run

    private Flow Flow => options.Reception.Flow;

    /// <summary>Why a run cannot take an event; null where it can.</summary>
    /// <param name="run">The run; null for none.</param>
    /// <param name="sent">The event.</param>
    public EventOutcome? Refuse(AddressedRun? run, ReceivedEvent sent) =>
        run is null ? new(EventResult.NoRun, $"Flow '{Flow.Name}' has no recorded run '{sent.RunId}'. It may have been removed.")
        : sent.Incarnation is { } meant && meant != run.Incarnation ? new(EventResult.OtherRun, $"Run '{sent.RunId}' of flow '{Flow.Name}' was removed and started again.")
        : run.Knows(sent.Id) ? new(EventResult.Repeated, "It was received before, and counts once.") { Run = run.State }
        : run.State.IsStopped ? new(EventResult.Stopped, $"Run '{sent.RunId}' of flow '{Flow.Name}' was stopped: {run.State.Message}")
        : run.State.IsOver ? new(EventResult.Over, $"Run '{sent.RunId}' of flow '{Flow.Name}' is over: {run.State.State}. {run.State.Message}")
        : sent.Incarnation is not null && !EventWaiter.In(run.State, sent.Name).Any(waiter => waiter.CanTake)
            ? new(EventResult.NotAwaited, $"No task of run '{sent.RunId}' waits for '{sent.Name}' any more: it was answered in another way, or its time has passed.")
        : null;

    /// <summary>Finds an event's run.</summary>
    public Task<AddressedRun?> FindAsync(string runId) => Task.Run(() => options.Reception.Find(runId), stop);

    /// <summary>Receives an event.</summary>
    /// <exception cref="FlowException">Such as <see cref="FlowErrorId.StoreFailed"/>: the event may have been stored, and should be sent again with its id.</exception>
    public async Task<EventOutcome> ReceiveAsync(ReceivedEvent sent)
    {
        var run = await FindAsync(sent.RunId);
        if (Refuse(run, sent) is { } refused)
        {
            if (refused.Result == EventResult.Repeated)
                await SendOnAgainAsync(run!.State, sent.Id);
            return refused;
        }

        if (EventRecipients.TryFind(Flow, sent.Name) is not { } addressed)
            return new(EventResult.Unknown, $"No task of flow '{Flow.Name}' waits for an event '{sent.Name}'.");
        var payload = EventPayload.Write(sent.Name, sent.Payload, Flow.Services.Values);
        var faults = await options.Dispatcher.TryInvokeAsync(() => EventRecipients.FaultsIn(Flow, addressed, payload)) ?? FaultsWithoutCode(addressed, sent);
        if (faults.Count > 0)
            return new(EventResult.Wrong, $"Task '{addressed[0].Name}' cannot accept the values.") { Faults = faults };
        if (!run!.HasRoomFor(payload))
            return new(EventResult.Full, $"Run '{sent.RunId}' already keeps too many events, or this one is too large: the limit is {RunEvent.MaxKeptLength} characters in total.");
        var request = new ControlRequest(sent.Id, RequestKind.Event, sent.By, RequestSender.Stamp(Flow.Services.Clock)) { Event = new(sent.Name, payload) };
        return await StoreAsync(run, request);
    }

    private async Task<EventOutcome> StoreAsync(AddressedRun run, ControlRequest request)
    {
        var after = await Task.Run(() => options.Reception.Send(run, request, options.Patience, stop), stop);
        if (after is null)
        {
            if (options.Channel is { } channel)
                await MessagePublisher.SendNowAsync(channel, run.State, stop);
            return new(EventResult.Stored, "It is stored, and the step that works on the run will apply it.");
        }

        if (after.IsStopped)
            return new(EventResult.Stopped, $"Run '{after.RunId}' of flow '{Flow.Name}' was stopped meanwhile: {after.Message}");
        var isKept = after.Identity.Control.Events.Any(kept => kept.Id == request.Id);
        if (!isKept && !EventWaiter.HasTaken(after, request.Id))
            return new(EventResult.Over, $"Run '{after.RunId}' of flow '{Flow.Name}' did not keep it, because the run is {after.State}. {after.Message}");
        if (isKept)
            await SendOnAsync(after, request.Id);
        return new(EventResult.Applied, "It is on record.") { Run = after };
    }

    // The message may have been lost with the process that first received the event, so a repeat publishes the run once more, but only once per process.
    private async Task SendOnAgainAsync(FlowState run, string id)
    {
        if (run.Identity.Control.Events.Any(kept => kept.Id == id) && !_sentOn.ContainsKey(id))
            await SendOnAsync(run, id);
    }

    private async Task SendOnAsync(FlowState run, string id)
    {
        if (options.Channel is not { } channel)
            return;
        await MessagePublisher.SendAsync(channel, run, always: false, stop);
        if (_sentOn.Count >= MaxSentOn)
            _sentOn.Clear();
        _sentOn[id] = true;
    }

    // Checks without the flow's code, while a step runs; the step itself rejects what is missed here.
    private static IReadOnlyList<ParameterFault> FaultsWithoutCode(IReadOnlyList<FlowTask> addressed, ReceivedEvent sent)
    {
        var faults = addressed.Select(task => FaultsIn(task.Event!.Check, sent)).ToArray();
        return faults.FirstOrDefault(each => each.Count == 0) ?? faults[0];
    }

    private static IReadOnlyList<ParameterFault> FaultsIn(IPayloadCheck? check, ReceivedEvent sent) => check is null ? [] :
    [
        .. from shown in check.Fields
           let fault = sent.Payload.Contains(shown.Name) ? shown.FaultIn(sent.Payload[shown.Name]) : shown.IsRequired ? "It is required." : null
           where fault is not null
           select new ParameterFault(shown.Name, fault),
    ];
}
