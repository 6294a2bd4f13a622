namespace PrefectPS.Runs;

/// <summary>When a step of a run was taken, and what it was allowed to take.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Began">When it began; UTC.</param>
/// <param name="Ended">When it ended; UTC. Null where it did not, for it is still going on or its process died.</param>
/// <param name="Budget">How long it could take; null for any time.</param>
/// <param name="MaxTasks">How many tasks it could start; null for any number.</param>
public sealed record StepSpan(int Number, DateTimeOffset Began, DateTimeOffset? Ended, TimeSpan? Budget = null, int? MaxTasks = null);
