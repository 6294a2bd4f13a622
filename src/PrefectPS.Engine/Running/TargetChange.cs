namespace PrefectPS.Running;

/// <summary>A change since a target was written. Immutable.</summary>
/// <param name="Words">Description of the change.</param>
/// <param name="Version">Version of the target that was examined: another version is not overwritten.</param>
internal sealed record TargetChange(string Words, string Version);
