using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>What ends a step: a number of task bodies started, a time, or neither.</summary>
public sealed record StepBudget
{
    internal static readonly StepBudget Unlimited = new();

    /// <summary>How many bodies may be started; null for any number.</summary>
    public int? MaxTasks { get; init; }

    /// <summary>Whether the step waits for what is scheduled for later, as long as its time allows.</summary>
    public bool Wait { get; init; }

    /// <summary>How long the step may take; null for any time.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>How many bodies may run at once; null for one after the other on the step's own thread.</summary>
    public Throttle? Throttle { get; init; }

    /// <summary>When the step ends; null for any time. The earlier one counts.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>When a step that begins now ends; null for any time.</summary>
    internal DateTimeOffset? EndAfter(DateTimeOffset now) => Time is { } time && now.Plus(time) is var end && !(end > Deadline) ? end : Deadline;
}
