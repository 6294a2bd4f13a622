namespace PrefectPS.States;

/// <summary>The event that a task waits for, or goes on with. Immutable.</summary>
/// <param name="Name">Its name.</param>
internal sealed record AwaitedEvent(string Name)
{
    /// <summary>When the wait ends though none has come; UTC. Null for never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The id of the event that the task was given; null while it waits, and where it goes on without one.</summary>
    public string? Id { get; init; }

    /// <summary>Who sent it; null if <see cref="Id"/> is.</summary>
    public string? By { get; init; }

    /// <summary>What came with it, as JSON; null if none, and once it is left out.</summary>
    public string? Payload { get; init; }

    /// <summary>True if the task has ended, and what came with its event is written no more.</summary>
    public bool IsLeftOut { get; init; }

    /// <summary>True if the task goes on without an event: a person has let it, or its time was up.</summary>
    public bool IsWaived { get; init; }

    /// <summary>True if the task still waits.</summary>
    public bool IsWaiting => Id is null && !IsWaived;
}
