using System.Collections;

namespace PrefectPS.Http.Events;

/// <summary>An event that somebody has sent.</summary>
/// <param name="RunId">The run's id.</param>
/// <param name="Name">The event's name.</param>
/// <param name="Id">The event's id.</param>
/// <param name="By">Who sends it.</param>
/// <param name="Payload">Values for parameters of the body that waits, by name.</param>
internal sealed record ReceivedEvent(string RunId, string Name, string Id, string By, IDictionary Payload)
{
    /// <summary>The incarnation that the run is to be of, where a task of it is to wait for the event still; null where that is all the same.</summary>
    public string? Incarnation { get; init; }
}
