namespace PrefectPS.Channels;

/// <summary>A message: a state document, and the run and step it belongs to.</summary>
/// <param name="Document">The state document, in UTF-8.</param>
public sealed record ChannelMessage(byte[] Document)
{
    /// <summary>The name of the flow; null if the sender gave none.</summary>
    public string? Flow { get; init; }

    /// <summary>The id of the run; null if the sender gave none.</summary>
    public string? RunId { get; init; }

    /// <summary>The number of the step that ended with this document; null if the sender gave none.</summary>
    public int? Step { get; init; }

    /// <summary>The time before which the message is not to be delivered, since there is nothing to do; null for none.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Why the message is a dead letter; null if it is none.</summary>
    public string? Reason { get; init; }

    /// <summary>Damage found in a received message, such as a truncated document; null if none.</summary>
    public string? Damage { get; init; }

    /// <summary>True if the sender left the document out on purpose, to begin a run: a request without a body.</summary>
    public bool IsBareRequest { get; init; }
}
