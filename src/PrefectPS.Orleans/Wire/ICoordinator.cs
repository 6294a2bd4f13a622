using Orleans;

namespace PrefectPS.Orleans.Wire;

/// <summary>A step that dispatched bodies to workers and receives their updates.</summary>
internal interface ICoordinator : IGrainObserver
{
    /// <summary>Delivers updates in order; the step has them in memory when this returns.</summary>
    Task Report(BodyUpdate[] updates);
}
