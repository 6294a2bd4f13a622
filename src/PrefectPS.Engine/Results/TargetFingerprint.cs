namespace PrefectPS.Results;

/// <summary>Fingerprint of the script and inputs that produced a target. Immutable.</summary>
/// <param name="Script">The script's hash; null if unknown.</param>
/// <param name="Inputs">The hash of the input values; null if unknown.</param>
internal sealed record TargetFingerprint(string? Script, string? Inputs);
