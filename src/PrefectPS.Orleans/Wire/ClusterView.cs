using Orleans;
using Orleans.Runtime;

namespace PrefectPS.Orleans.Wire;

/// <summary>The cluster as one of its workers sees it.</summary>
/// <param name="Version">The membership version: a worker cut off from the others has a lower one.</param>
/// <param name="Workers">The workers.</param>
[GenerateSerializer, Immutable]
internal sealed record ClusterView([property: Id(0)] long Version, [property: Id(1)] WorkerView[] Workers);

/// <summary>A worker as the cluster sees it.</summary>
/// <param name="Silo">The address, unique to this process.</param>
/// <param name="Status">The status; null where it did not answer in time.</param>
[GenerateSerializer, Immutable]
internal sealed record WorkerView([property: Id(0)] SiloAddress Silo, [property: Id(1)] WorkerStatus? Status);
