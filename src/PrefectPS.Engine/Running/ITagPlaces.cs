using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>Places for bodies with a tag that all runs of a store share. Asked on the step's own thread.</summary>
internal interface ITagPlaces
{
    /// <summary>How many there are in the store, by tag, case-insensitive.</summary>
    IReadOnlyDictionary<string, int> Limits { get; }

    /// <summary>How long a task that found none waits before it looks again.</summary>
    TimeSpan Interval { get; }

    /// <summary>True if a task needs any.</summary>
    bool AreFor(FlowTask task);

    /// <summary>Takes all places that a task needs, or none.</summary>
    /// <param name="task">The task.</param>
    /// <param name="fullTag">The tag that has none; null if all were taken.</param>
    /// <returns>The places; null if none.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    IHeldPlaces? TryTake(FlowTask task, out string? fullTag);

    /// <summary>The tag of a task that has no place now; null if there are places. Nothing is written.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    string? FindFull(FlowTask task);
}
