using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Workers;

/// <inheritdoc cref="IWorkerService"/>
[Reentrant]
internal sealed class WorkerService(GrainId id, Silo silo, ILoggerFactory loggers, WorkerDesk desk) : GrainService(id, silo, loggers), IWorkerService
{
    public Task<Description> Describe() => Task.FromResult(desk.Describe());

    public Task<Answer> Take(WorkItem item, ICoordinator coordinator) => Task.FromResult(desk.Take(item, coordinator));

    public Task Stop(string delivery)
    {
        desk.Stop(delivery);
        return Task.CompletedTask;
    }

    public Task Acknowledge(string[] deliveries)
    {
        desk.Acknowledge(deliveries);
        return Task.CompletedTask;
    }

    public Task<Claim[]> ClaimsOf(string incarnation) => Task.FromResult(desk.ClaimsOf(incarnation));

    public Task<bool> Adopt(string delivery, ICoordinator coordinator) => Task.FromResult(desk.Adopt(delivery, coordinator));
}
