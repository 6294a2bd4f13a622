namespace PrefectPS.Diagrams.Reports;

/// <summary>A step of the run that a report is of.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Started">When it began; UTC.</param>
/// <param name="Ended">When it ended, or the last thing happened that is known of it; UTC.</param>
/// <param name="IsOpen">Whether nothing says that it has ended: it is going on, or its process died.</param>
/// <param name="Budget">How long it could take; null for any time, or where that is not known.</param>
/// <param name="MaxTasks">How many tasks it could start; null for any number, or where that is not known.</param>
internal sealed record ReportStep(int Number, DateTimeOffset Started, DateTimeOffset Ended, bool IsOpen = false, TimeSpan? Budget = null, int? MaxTasks = null);
