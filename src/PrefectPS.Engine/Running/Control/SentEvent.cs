namespace PrefectPS.Running;

/// <summary>An event as it is sent. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Payload">Values for parameters of the body that waits for it, as a JSON object; null for none.</param>
public sealed record SentEvent(string Name, string? Payload);
