using Orleans;
using Orleans.Runtime;

namespace PrefectPS.Orleans.Wire;

/// <summary>A worker as the cluster sees it.</summary>
/// <param name="Silo">The address, unique to this process.</param>
/// <param name="Status">The status; null where it did not answer in time.</param>
[GenerateSerializer, Immutable]
internal sealed record WorkerView([property: Id(0)] SiloAddress Silo, [property: Id(1)] WorkerStatus? Status);
