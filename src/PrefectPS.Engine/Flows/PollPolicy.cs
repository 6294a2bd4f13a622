namespace PrefectPS.Flows;

/// <summary>That a task's body is run again from time to time until what it returns is taken for the task's result. Immutable.</summary>
/// <param name="Test">Says whether it is.</param>
public sealed record PollPolicy(IAnswerTest Test)
{
    /// <summary>How long it waits between two polls, unless something else is said.</summary>
    public static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(1);

    /// <summary>How long it waits between two polls.</summary>
    public TimeSpan Interval { get; init; } = UsualInterval;

    /// <summary>How long it polls, from the start of the first; null for any time.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What becomes of the task where no answer was taken in that time.</summary>
    public WaitTimeoutAction TimeoutAction { get; init; }
}
