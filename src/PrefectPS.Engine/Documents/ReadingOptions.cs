using PrefectPS.Flows;

namespace PrefectPS.Documents;

/// <summary>Options for reading a state document.</summary>
public sealed record ReadingOptions
{
    /// <summary>No parameters, no signature, no run id.</summary>
    public static readonly ReadingOptions Default = new();

    /// <summary>Values of parameters that the document lacks.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = RunParameters.None;

    /// <summary>The run id for a document without one, and for a new run; null where unknown.</summary>
    public string? RunId { get; init; }

    /// <summary>The accepted signing keys; null where no signature is required.</summary>
    public SigningKeys? SigningKeys { get; init; }

    /// <summary>How to handle a flow that has changed since.</summary>
    public FlowChangeAction OnChange { get; init; }

    /// <summary>The document's envelopes, for errors; null for none.</summary>
    internal string? Inside { get; init; }
}
