using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>One run of a task's body.</summary>
/// <param name="Step">The step it was started in.</param>
/// <param name="Started">When; UTC.</param>
/// <param name="Ended">When it had ended; UTC.</param>
/// <param name="Outcome">What the task's state was then; <see cref="StateType.Running"/> where its process died before it had.</param>
internal sealed record ReportAttempt(int? Step, DateTimeOffset Started, DateTimeOffset Ended, StateType Outcome);
