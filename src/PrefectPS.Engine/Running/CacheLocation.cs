using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Where the result of a task is kept for later runs.</summary>
/// <param name="Path">The path; null if it was found that the result cannot be kept.</param>
/// <param name="Unchanged">The condition that the entry is as it was seen; none if nobody has looked.</param>
internal sealed record CacheLocation(string? Path, WriteCondition Unchanged = default);
