using Orleans;

namespace PrefectPS.Orleans.Wire;

/// <summary>A step that has sent bodies to workers, and is told what comes of them.</summary>
internal interface ICoordinator : IGrainObserver
{
    /// <summary>Tells it, in order. Once this returns it has it in memory.</summary>
    Task Tell(Told[] told);
}
