using PrefectPS.Storage;

namespace PrefectPS.Caching;

/// <summary>A cache of task results across runs.</summary>
internal interface ITaskCache
{
    /// <summary>Finds a valid cached result; null if there is none.</summary>
    /// <param name="path">The path.</param>
    /// <param name="now">The current time.</param>
    /// <param name="unchanged">Condition under which the entry has not changed since; set even if it cannot be read.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="FlowException">The entry cannot be read.</exception>
    CachedResult? Find(string path, DateTimeOffset now, out WriteCondition unchanged, CancellationToken cancellationToken);

    /// <summary>Reads the version of an entry.</summary>
    /// <returns>Condition under which the entry has not changed since.</returns>
    /// <exception cref="FlowException">The entry cannot be read.</exception>
    WriteCondition Look(string path, CancellationToken cancellationToken);

    /// <summary>Caches a result if the entry is unchanged; what others have written since stays.</summary>
    /// <exception cref="FlowException">The entry cannot be written.</exception>
    void Keep(string path, CachedResult result, DateTimeOffset now, WriteCondition unchanged, CancellationToken cancellationToken);
}
