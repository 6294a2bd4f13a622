using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Workers;

/// <inheritdoc cref="IWorkerService"/>
[Reentrant]
internal sealed class WorkerService(GrainId id, Silo silo, ILoggerFactory loggers, WorkerExecutor executor) : GrainService(id, silo, loggers), IWorkerService
{
    public Task<WorkerStatus> Describe() => Task.FromResult(executor.Describe());

    public Task<DispatchReply> Dispatch(WorkItem item, ICoordinator coordinator) => Task.FromResult(executor.Dispatch(item, coordinator));

    public Task Stop(string dispatchId)
    {
        executor.Stop(dispatchId);
        return Task.CompletedTask;
    }

    public Task Acknowledge(string[] dispatchIds)
    {
        executor.Acknowledge(dispatchIds);
        return Task.CompletedTask;
    }

    public Task<Claim[]> GetClaims(string incarnation) => Task.FromResult(executor.GetClaims(incarnation));

    public Task<bool> Adopt(string dispatchId, ICoordinator coordinator) => Task.FromResult(executor.Adopt(dispatchId, coordinator));
}
