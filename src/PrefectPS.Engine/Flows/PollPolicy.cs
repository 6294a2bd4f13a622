namespace PrefectPS.Flows;

/// <summary>How a task's body is run repeatedly until its answer is accepted. Immutable.</summary>
/// <param name="Test">Accepts or rejects an answer.</param>
public sealed record PollPolicy(IAnswerTest Test)
{
    /// <summary>Default time between polls.</summary>
    public static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(1);

    /// <summary>Time between polls.</summary>
    public TimeSpan Interval { get; init; } = UsualInterval;

    /// <summary>Maximum time to poll, from the start of the first poll; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What happens when the timeout expires.</summary>
    public WaitTimeoutAction TimeoutAction { get; init; }
}
