using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>A recorded run to send an event to.</summary>
/// <param name="State">The recorded run.</param>
/// <param name="Incarnation">The run's incarnation.</param>
/// <param name="Pending">The pending requests.</param>
public sealed record AddressedRun(FlowState State, string Incarnation, IReadOnlyList<InboxRequest> Pending)
{
    /// <summary>True if a request with this id was sent before, applied or pending.</summary>
    public bool Knows(string id) => State.Identity.Control.Knows(id) || Pending.Any(waiting => waiting.Request.Id == id);

    /// <summary>True if one more event fits within the limits.</summary>
    public bool HasRoomFor(string? payload) => State.Identity.Control.Events.HasRoomFor(payload);
}
