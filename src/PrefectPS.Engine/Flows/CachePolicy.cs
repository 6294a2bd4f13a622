namespace PrefectPS.Flows;

/// <summary>For how long a task's result is used again instead of running the task, and what it depends on.</summary>
/// <param name="Duration">How long it may be used; more than nothing.</param>
/// <remarks>
/// Follows Prefect's <c>cache_for</c>, <c>cache_key</c> and <c>cache_validator</c>. A validator says on which values a result depends:
/// on none (duration_only), on all inputs or parameters, on some of them; it is used where they are the same.
/// </remarks>
public sealed record CachePolicy(TimeSpan Duration)
{
    /// <summary>What the result depends on, as a script says it.</summary>
    public string Validator { get; init; } = string.Empty;

    /// <summary>What tasks that share their results call them by; null where the task shares with none.</summary>
    public string? Key { get; init; }

    /// <summary>The parameters of the body, by name, on whose values the result depends. What a child is mapped over always counts.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>The parameters of the flow, by name, on whose values the result depends.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>Whether the task itself uses what is kept; otherwise it always runs, and keeps its result for others (never_use).</summary>
    public bool IsUsed { get; init; } = true;
}
