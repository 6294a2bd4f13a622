using Orleans.Runtime;
using Orleans.Runtime.Services;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Workers;

/// <summary>Reaches workers by their addresses, which needs no directory that a worker which is gone might have held a part of.</summary>
internal sealed class WorkerServiceClient(IServiceProvider services) : GrainServiceClient<IWorkerService>(services)
{
    public IWorkerService At(SiloAddress worker) => GetGrainService(worker);
}
