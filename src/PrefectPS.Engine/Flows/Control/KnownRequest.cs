namespace PrefectPS.Flows;

/// <summary>A control request that was applied to a run. Immutable.</summary>
/// <param name="Id">Its id: a request that has it is not applied again.</param>
/// <param name="Number">How many requests had been applied once this one was.</param>
/// <param name="Tasks">The slugs of the run's tasks that it has set; empty for none.</param>
internal sealed record KnownRequest(string Id, int Number, IReadOnlyList<string> Tasks);
