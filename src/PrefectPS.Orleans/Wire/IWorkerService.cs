using Orleans.Services;

namespace PrefectPS.Orleans.Wire;

/// <summary>What a worker does for others, reached by its address alone.</summary>
internal interface IWorkerService : IGrainService
{
    /// <summary>What it is and does now.</summary>
    Task<Description> Describe();

    /// <summary>Takes a body, or refuses it. To send one twice is to send it once.</summary>
    Task<Answer> Take(WorkItem item, ICoordinator coordinator);

    /// <summary>Stops a body.</summary>
    Task Stop(string delivery);

    /// <summary>The outcomes of these are known, and on record.</summary>
    Task Acknowledge(string[] deliveries);

    /// <summary>What it has of a run.</summary>
    Task<Claim[]> ClaimsOf(string incarnation);

    /// <summary>Tells another step from now on what comes of a body, and all that it has not been told of it.</summary>
    /// <returns>Whether it still has the body.</returns>
    Task<bool> Adopt(string delivery, ICoordinator coordinator);
}
