using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>What became of a step of a run that is on record.</summary>
/// <param name="Run">The run as it is in the store now.</param>
/// <param name="IsLate">Whether the run was further on than the state that was given: nothing was run, and nothing changed.</param>
/// <param name="Warnings">What in the record could not be matched with the flow; one sentence each, naming it.</param>
public sealed record StepOutcome(FlowState Run, bool IsLate, IReadOnlyList<string> Warnings);
