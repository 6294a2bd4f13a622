namespace PrefectPS.Running;

/// <summary>That something has changed since a target was made. Immutable.</summary>
/// <param name="Words">What it is, in words.</param>
/// <param name="Version">The version of the target that was looked at: another one is not replaced.</param>
internal sealed record TargetChange(string Words, string Version);
