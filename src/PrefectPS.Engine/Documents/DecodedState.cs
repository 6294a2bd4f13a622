using PrefectPS.Flows;

namespace PrefectPS.Documents;

/// <summary>A run read from a document.</summary>
/// <param name="Run">The run.</param>
/// <param name="Warnings">What did not match the flow; one sentence each, naming it.</param>
public sealed record DecodedState(FlowState Run, IReadOnlyList<string> Warnings)
{
    /// <summary>The document's envelopes and format, in words; null where no envelope was sought.</summary>
    public string? Found { get; init; }

    /// <summary>True if the document names tasks that the flow lacks.</summary>
    internal bool LostTasks { get; init; }

    /// <summary>Changes of the flow since the document was written; null if none, or if unknown.</summary>
    internal FlowChanges? Changes { get; init; }
}
