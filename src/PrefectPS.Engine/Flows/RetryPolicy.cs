using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Whether and when a failed task is retried.</summary>
public sealed record RetryPolicy
{
    /// <summary>Upper bound of exponential backoff.</summary>
    internal static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    /// <summary>Maximum number of retries.</summary>
    public int MaxRetries { get; init; }

    /// <summary>Delays before retries; the last one repeats. Empty for no delay.</summary>
    public IReadOnlyList<TimeSpan> Delays { get; init; } = [];

    /// <summary>True if delays double once the given ones are used up.</summary>
    public bool Exponential { get; init; }

    /// <summary>Maximum random addition to each delay, as a fraction from 0 to 1: spreads the retries of many tasks.</summary>
    public double Jitter { get; init; }

    /// <summary>Selects the errors to retry; null retries all. Called with null for a state without an error.</summary>
    public Func<TaskError?, bool>? Filter { get; init; }

    /// <summary>Description of the filter; empty if there is none.</summary>
    public IReadOnlyList<string> On { get; init; } = [];

    /// <summary>Delay after a failed attempt.</summary>
    /// <param name="attempt">The failed attempt, from 1.</param>
    /// <param name="chance">A random number in [0, 1).</param>
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
