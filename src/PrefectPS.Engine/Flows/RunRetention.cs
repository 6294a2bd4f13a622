namespace PrefectPS.Flows;

/// <summary>Retention of a flow's finished runs in its store. Immutable.</summary>
/// <param name="MaxAge">Maximum age since the run's end; null for no limit.</param>
/// <param name="MaxCount">Maximum number of runs, newest first; null for no limit.</param>
public sealed record RunRetention(TimeSpan? MaxAge, int? MaxCount);
