using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>A step to take: of which run, how, and with what. Immutable.</summary>
/// <param name="Run">Which run, of which flow.</param>
public sealed record StepRequest(RunChoice Run) : StepOptions
{
    /// <summary>When the progress of a step on record is kept; null for what suits the store.</summary>
    public FlowDurability? Durability { get; init; }

    /// <summary>Whether what tasks write is not put on record.</summary>
    public bool NoLog { get; init; }
}
