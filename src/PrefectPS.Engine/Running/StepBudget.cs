using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>Limits of a step: a number of bodies, a time, both or none.</summary>
public sealed record StepBudget
{
    internal static readonly StepBudget Unlimited = new();

    /// <summary>Maximum number of bodies to start; null for no limit.</summary>
    public int? MaxTasks { get; init; }

    /// <summary>True to wait for scheduled tasks while time remains.</summary>
    public bool Wait { get; init; }

    /// <summary>Maximum duration of the step; null for no limit.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Limits of concurrent bodies; null to run one after the other on the step's own thread.</summary>
    public Throttle? Throttle { get; init; }

    /// <summary>Deadline of the step; null for no limit. The earlier limit applies.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>End of a step that begins now; null for no limit.</summary>
    internal DateTimeOffset? EndAfter(DateTimeOffset now) => Time is { } time && now.Plus(time) is var end && !(end > Deadline) ? end : Deadline;
}
