namespace PrefectPS.Results;

/// <summary>What a target was made by. Immutable.</summary>
/// <param name="Script">The hash of the script; null where that is not known.</param>
/// <param name="Inputs">The hash of the values that it depends on; null where that is not known.</param>
internal sealed record TargetMark(string? Script, string? Inputs);
