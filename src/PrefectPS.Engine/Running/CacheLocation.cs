using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Where a task's result is cached.</summary>
/// <param name="Path">The path; null if the result cannot be cached.</param>
/// <param name="Unchanged">Condition under which the entry is unchanged since it was read; default if nobody has read it.</param>
internal sealed record CacheLocation(string? Path, WriteCondition Unchanged = default);
