namespace PrefectPS.Results;

/// <summary>The type names and note properties that the language added to a value.</summary>
/// <param name="TypeNames">The added type names, before those of the type; may be empty.</param>
/// <param name="Notes">The added note properties, in order; may be empty.</param>
public sealed record ValueAnnotations(IReadOnlyList<string> TypeNames, IReadOnlyList<KeyValuePair<string, object?>> Notes);
