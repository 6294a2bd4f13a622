using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Whether and when a failed task runs again.</summary>
public sealed record RetryPolicy
{
    /// <summary>The longest delay that backing off leads to.</summary>
    internal static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    /// <summary>How often it may run again.</summary>
    public int MaxRetries { get; init; }

    /// <summary>The delay before each retry; the last one counts for all that follow. Empty for none.</summary>
    public IReadOnlyList<TimeSpan> Delays { get; init; } = [];

    /// <summary>Whether each delay is twice the one before.</summary>
    public bool Exponential { get; init; }

    /// <summary>The part of each delay, from 0 to 1, that chance adds at most, so that many tasks do not come back at once.</summary>
    public double Jitter { get; init; }

    /// <summary>Tells whether an error is worth a retry; null when all are. A state without an error has null for one.</summary>
    public Func<TaskError?, bool>? Filter { get; init; }

    /// <summary>What the filter lets through, in words; empty where there is none.</summary>
    public IReadOnlyList<string> On { get; init; } = [];

    /// <summary>How long to wait after this attempt, from 1.</summary>
    /// <param name="attempt">The attempt that failed.</param>
    /// <param name="chance">A number from 0 to below 1.</param>
    internal TimeSpan DelayAfter(int attempt, double chance)
    {
        if (Delays.Count == 0)
            return TimeSpan.Zero;
        var given = Delays[Math.Min(attempt, Delays.Count) - 1];
        var doublings = Exponential ? Math.Max(0, attempt - Delays.Count) : 0;
        var ticks = given.Ticks * Math.Pow(2, doublings) * (1 + (Jitter * chance));
        var longest = given > LongestDelay ? given : LongestDelay;
        return ticks < longest.Ticks ? TimeSpan.FromTicks((long)ticks) : longest;
    }
}
