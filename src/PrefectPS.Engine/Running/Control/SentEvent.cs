namespace PrefectPS.Running;

/// <summary>An event to send. Immutable.</summary>
/// <param name="Name">The event's name.</param>
/// <param name="Payload">Values for parameters of the waiting body, as a JSON object; null if none.</param>
public sealed record SentEvent(string Name, string? Payload);
