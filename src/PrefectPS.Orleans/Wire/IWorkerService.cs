using Orleans.Services;

namespace PrefectPS.Orleans.Wire;

/// <summary>The service of a worker, addressed by silo.</summary>
internal interface IWorkerService : IGrainService
{
    /// <summary>Gets its profile and load.</summary>
    Task<WorkerStatus> Describe();

    /// <summary>Accepts or rejects a body. Idempotent by dispatch id.</summary>
    Task<DispatchReply> Dispatch(WorkItem item, ICoordinator coordinator);

    /// <summary>Stops a body.</summary>
    Task Stop(string dispatchId);

    /// <summary>Releases outcomes that are on record.</summary>
    Task Acknowledge(string[] dispatchIds);

    /// <summary>Gets its claims on a run.</summary>
    Task<Claim[]> GetClaims(string incarnation);

    /// <summary>Reports a body to another step from now on, starting with all unreported updates.</summary>
    /// <returns>Whether it still has the body.</returns>
    Task<bool> Adopt(string dispatchId, ICoordinator coordinator);
}
