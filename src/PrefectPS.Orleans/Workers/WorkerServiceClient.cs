using Orleans.Runtime;
using Orleans.Runtime.Services;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Workers;

/// <summary>Calls workers by silo address, without the grain directory, part of which a dead worker may have held.</summary>
internal sealed class WorkerServiceClient(IServiceProvider services) : GrainServiceClient<IWorkerService>(services)
{
    public IWorkerService At(SiloAddress worker) => GetGrainService(worker);
}
