namespace PrefectPS.Flows;

/// <summary>A control request that was applied to a run. Immutable.</summary>
/// <param name="Id">The request's id: a request with the same id is not applied again.</param>
/// <param name="Number">Position among the applied requests, from 1.</param>
/// <param name="Tasks">Slugs of the tasks whose state it set; empty if none.</param>
internal sealed record KnownRequest(string Id, int Number, IReadOnlyList<string> Tasks);
