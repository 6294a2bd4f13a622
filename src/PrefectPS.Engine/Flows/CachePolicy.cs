namespace PrefectPS.Flows;

/// <summary>How long a task's cached result is reused, and what invalidates it.</summary>
/// <param name="Duration">Lifetime of the cached result; positive.</param>
/// <remarks>
/// Follows Prefect's <c>cache_for</c>, <c>cache_key</c> and <c>cache_validator</c>. The validator names the values that a cached result depends on: none
/// (duration_only), all inputs or parameters, or some of them. The result is reused only if these values are equal.
/// </remarks>
public sealed record CachePolicy(TimeSpan Duration)
{
    /// <summary>The validator as the script gave it.</summary>
    public string Validator { get; init; } = string.Empty;

    /// <summary>Cache key shared between tasks; null if the task shares its cache with no other.</summary>
    public string? Key { get; init; }

    /// <summary>Names of the body parameters whose values the result depends on. The element that a mapped child takes always counts.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Names of the flow parameters whose values the result depends on.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>True if the task reads the cache; otherwise it always runs and only writes it (never_use).</summary>
    public bool IsUsed { get; init; } = true;
}
