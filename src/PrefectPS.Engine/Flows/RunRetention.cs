namespace PrefectPS.Flows;

/// <summary>Which of a flow's finished runs its store keeps. Immutable.</summary>
/// <param name="MaxAge">How long after its end a run is kept; null for any time.</param>
/// <param name="MaxCount">How many runs are kept, the newest; null for any number.</param>
public sealed record RunRetention(TimeSpan? MaxAge, int? MaxCount);
