namespace PrefectPS.Diagrams.Reports;

/// <summary>A step in a report.</summary>
/// <param name="Number">The step's number.</param>
/// <param name="Started">The start; UTC.</param>
/// <param name="Ended">The end, or the last recorded event; UTC.</param>
/// <param name="IsOpen">Whether no end is recorded: the step is running, or its process died.</param>
/// <param name="Budget">The time budget; null for none or unknown.</param>
/// <param name="MaxTasks">The task budget; null for none or unknown.</param>
internal sealed record ReportStep(int Number, DateTimeOffset Started, DateTimeOffset Ended, bool IsOpen = false, TimeSpan? Budget = null, int? MaxTasks = null);
