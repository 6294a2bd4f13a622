namespace PrefectPS.States;

/// <summary>The event a task waits for or has received. Immutable.</summary>
/// <param name="Name">The event's name.</param>
public sealed record AwaitedEvent(string Name)
{
    /// <summary>When the wait times out; UTC. Null for no limit.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Id of the received event; null while waiting, and if the task continues without one.</summary>
    internal string? Id { get; init; }

    /// <summary>Sender; null if <see cref="Id"/> is.</summary>
    internal string? By { get; init; }

    /// <summary>Payload as JSON; null if none, and once it was dropped.</summary>
    internal string? Payload { get; init; }

    /// <summary>True if the task has ended and the payload was dropped.</summary>
    internal bool IsLeftOut { get; init; }

    /// <summary>True if the task continues without an event: approved by a person, or timed out.</summary>
    internal bool IsWaived { get; init; }

    /// <summary>True if the task is still waiting.</summary>
    internal bool IsWaiting => Id is null && !IsWaived;
}
