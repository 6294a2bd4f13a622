using PrefectPS.Storage;

namespace PrefectPS.Caching;

/// <summary>Where results are kept for later runs.</summary>
internal interface ITaskCache
{
    /// <summary>The result that is kept under a path; null if none that can be used at a time.</summary>
    /// <param name="path">The path.</param>
    /// <param name="now">The time.</param>
    /// <param name="unchanged">The condition that what is there has not changed since, said even where it cannot be read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FlowException">It cannot be read.</exception>
    CachedResult? Find(string path, DateTimeOffset now, out WriteCondition unchanged, CancellationToken cancellationToken);

    /// <summary>Looks at what is kept under a path.</summary>
    /// <returns>The condition that this has not changed.</returns>
    /// <exception cref="FlowException">It cannot be read.</exception>
    WriteCondition Look(string path, CancellationToken cancellationToken);

    /// <summary>Keeps a result under a path, in place of what is there where that is as it was seen. What another has put there since stays.</summary>
    /// <exception cref="FlowException">It cannot be written.</exception>
    void Keep(string path, CachedResult result, DateTimeOffset now, WriteCondition unchanged, CancellationToken cancellationToken);
}
