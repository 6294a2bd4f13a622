namespace PrefectPS.Runs;

/// <summary>Time span and limits of a step.</summary>
/// <param name="Number">The step's number.</param>
/// <param name="Began">Start; UTC.</param>
/// <param name="Ended">End; UTC. Null if the step is running or crashed.</param>
/// <param name="Budget">Time budget; null for no limit.</param>
/// <param name="MaxTasks">Task budget; null for no limit.</param>
public sealed record StepSpan(int Number, DateTimeOffset Began, DateTimeOffset? Ended, TimeSpan? Budget = null, int? MaxTasks = null);
