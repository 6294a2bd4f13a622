using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>Outcome of a step of a recorded run.</summary>
/// <param name="Run">The run after the step.</param>
/// <param name="IsLate">Whether the run was further along than the given state: nothing was run or changed.</param>
/// <param name="Warnings">Warnings about what in the record could not be matched with the flow.</param>
public sealed record StepOutcome(FlowState Run, bool IsLate, IReadOnlyList<string> Warnings);
