using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>A run on record to which an event is to be sent.</summary>
/// <param name="State">The run as it is on record.</param>
/// <param name="Incarnation">Tells it apart from others that had its id.</param>
/// <param name="Pending">What was asked of it and is still to be applied.</param>
public sealed record AddressedRun(FlowState State, string Incarnation, IReadOnlyList<InboxRequest> Pending)
{
    /// <summary>Whether a request of an id was sent before, applied or not.</summary>
    public bool Knows(string id) => State.Identity.Control.Knows(id) || Pending.Any(waiting => waiting.Request.Id == id);

    /// <summary>Whether there is room for one more event, counting those that are still to be applied.</summary>
    public bool HasRoomFor(string? payload) => State.Identity.Control.Events.HaveRoomFor(payload);
}
