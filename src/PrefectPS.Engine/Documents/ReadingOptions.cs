using PrefectPS.Flows;

namespace PrefectPS.Documents;

/// <summary>How a state document is to be read.</summary>
public sealed record ReadingOptions
{
    /// <summary>No parameters, no signature, no run id.</summary>
    public static readonly ReadingOptions Default = new();

    /// <summary>Values of the flow's parameters that the document does not carry.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = RunParameters.None;

    /// <summary>The id of the run, for a document that names none, and for a run that begins; null where it is not known.</summary>
    public string? RunId { get; init; }

    /// <summary>The keys that the document has to be signed with one of; null where it need not be signed.</summary>
    public SigningKeys? SigningKeys { get; init; }

    /// <summary>What is to be done where the flow has changed since.</summary>
    public FlowChangeAction OnChange { get; init; }

    /// <summary>What the document was taken out of, for errors to say; null for nothing.</summary>
    internal string? Inside { get; init; }
}
