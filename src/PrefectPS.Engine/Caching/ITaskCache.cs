namespace PrefectPS.Caching;

/// <summary>Where results are kept for later runs.</summary>
internal interface ITaskCache
{
    /// <summary>The result that is kept under a path; null where there is none that can be used at a time.</summary>
    /// <exception cref="FlowException">It cannot be read.</exception>
    CachedResult? Find(string path, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Keeps a result under a path, in place of what is there.</summary>
    /// <exception cref="FlowException">It cannot be written.</exception>
    void Keep(string path, CachedResult result, DateTimeOffset now, CancellationToken cancellationToken);
}
