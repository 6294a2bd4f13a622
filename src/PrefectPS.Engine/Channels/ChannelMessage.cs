namespace PrefectPS.Channels;

/// <summary>What a channel carries: the document of a run, and which run and step it is about.</summary>
/// <param name="Document">The state document, UTF-8.</param>
public sealed record ChannelMessage(byte[] Document)
{
    /// <summary>The name of the flow; null where whoever sent it did not say.</summary>
    public string? Flow { get; init; }

    /// <summary>The run; null where whoever sent it did not say.</summary>
    public string? RunId { get; init; }

    /// <summary>The step that left the run as the document has it; null where whoever sent it did not say.</summary>
    public int? Step { get; init; }

    /// <summary>Before this time there is nothing to do: it is not to be delivered; UTC. Null for at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Why it was set aside; null where it was not.</summary>
    public string? Reason { get; init; }

    /// <summary>What is wrong with it, as the channel can tell; null for nothing.</summary>
    internal string? Damage { get; init; }

    /// <summary>Whether its sender left the document out on purpose, to begin a run: a request without a body.</summary>
    public bool IsBareRequest { get; init; }
}
