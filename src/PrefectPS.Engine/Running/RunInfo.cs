namespace PrefectPS.Running;

/// <summary>Which run this is. Immutable.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Step">How many steps it has had.</param>
/// <param name="Started">When it was started; UTC.</param>
/// <param name="Parameters">The values of the flow's parameters, by name, whatever its case.</param>
internal sealed record RunInfo(string RunId, int Step, DateTimeOffset Started, IReadOnlyDictionary<string, object?> Parameters);
