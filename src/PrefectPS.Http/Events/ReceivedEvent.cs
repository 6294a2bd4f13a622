using System.Collections;

namespace PrefectPS.Http.Events;

/// <summary>A received event.</summary>
/// <param name="RunId">The run's id.</param>
/// <param name="Name">The event's name.</param>
/// <param name="Id">The event's id.</param>
/// <param name="By">The sender.</param>
/// <param name="Payload">Values for parameters of the waiting task, by name.</param>
internal sealed record ReceivedEvent(string RunId, string Name, string Id, string By, IDictionary Payload)
{
    /// <summary>The required incarnation of the run, with a task still waiting; null for any.</summary>
    public string? Incarnation { get; init; }
}
