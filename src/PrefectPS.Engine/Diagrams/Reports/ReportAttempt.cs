using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>An attempt of a task.</summary>
/// <param name="Step">The step that started it.</param>
/// <param name="Started">The start; UTC.</param>
/// <param name="Ended">The end; UTC.</param>
/// <param name="Outcome">The task's state at the end; <see cref="StateType.Running"/> where its process died.</param>
internal sealed record ReportAttempt(int? Step, DateTimeOffset Started, DateTimeOffset Ended, StateType Outcome);
