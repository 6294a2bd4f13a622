namespace PrefectPS.Results;

/// <summary>What the language has added to a single value, other than what its type says.</summary>
/// <param name="TypeNames">Its names, before those of its type; empty for none.</param>
/// <param name="Notes">Its notes, in order; empty for none.</param>
public sealed record ValueMarks(IReadOnlyList<string> TypeNames, IReadOnlyList<KeyValuePair<string, object?>> Notes);
