using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>Slots per tag, shared by all runs of a store. Used on the step's own thread.</summary>
internal interface ITagPlaces
{
    /// <summary>Number of slots in the store, by tag, case-insensitive.</summary>
    IReadOnlyDictionary<string, int> Limits { get; }

    /// <summary>Time before a task that found no slot tries again.</summary>
    TimeSpan Interval { get; }

    /// <summary>True if the task needs a slot.</summary>
    bool AreFor(FlowTask task);

    /// <summary>Acquires all slots a task needs, or none.</summary>
    /// <param name="task">The task.</param>
    /// <param name="fullTag">The tag without a free slot; null if all were acquired.</param>
    /// <returns>The slots; null if one is missing.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    IHeldPlaces? TryTake(FlowTask task, out string? fullTag);

    /// <summary>The tag of a task without a free slot; null if there are slots. Writes nothing.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    string? FindFull(FlowTask task);
}
