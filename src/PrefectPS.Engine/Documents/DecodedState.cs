using PrefectPS.Flows;

namespace PrefectPS.Documents;

/// <summary>A run that was read from a document.</summary>
/// <param name="Run">The run.</param>
/// <param name="Warnings">What in the document could not be matched with the flow; one sentence each, naming it.</param>
public sealed record DecodedState(FlowState Run, IReadOnlyList<string> Warnings)
{
    /// <summary>What the document was found in, and its form, in words; null where it was not looked for.</summary>
    public string? Found { get; init; }

    /// <summary>Whether the document names tasks that the flow does not have.</summary>
    internal bool LostTasks { get; init; }

    /// <summary>How the flow has changed since the document was written; null where it has not, or where that cannot be told.</summary>
    internal FlowChanges? Changes { get; init; }
}
