using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>A request to take a step. Immutable.</summary>
/// <param name="Run">Chooses the run.</param>
public sealed record StepRequest(RunChoice Run) : StepOptions
{
    /// <summary>Durability of a recorded step; null for the store's default.</summary>
    public FlowDurability? Durability { get; init; }

    /// <summary>True to record no task output.</summary>
    public bool NoLog { get; init; }
}
