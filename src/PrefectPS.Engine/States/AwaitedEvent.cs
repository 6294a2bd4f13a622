namespace PrefectPS.States;

/// <summary>The event that a task waits for, or goes on with. Immutable.</summary>
/// <param name="Name">Its name.</param>
public sealed record AwaitedEvent(string Name)
{
    /// <summary>When the wait ends though none has come; UTC. Null for never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The id of the event that the task was given; null while it waits, and where it goes on without one.</summary>
    internal string? Id { get; init; }

    /// <summary>Who sent it; null where <see cref="Id"/> is.</summary>
    internal string? By { get; init; }

    /// <summary>What came with it, as JSON; null for nothing, and once it is left out.</summary>
    internal string? Payload { get; init; }

    /// <summary>Whether the task has ended, and what came with its event is written no more.</summary>
    internal bool IsLeftOut { get; init; }

    /// <summary>Whether the task goes on without an event: a person has let it, or its time was up.</summary>
    internal bool IsWaived { get; init; }

    /// <summary>Whether the task still waits.</summary>
    internal bool IsWaiting => Id is null && !IsWaived;
}
