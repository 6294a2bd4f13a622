using Orleans;

namespace PrefectPS.Orleans.Wire;

/// <summary>The cluster as one of its workers sees it.</summary>
/// <param name="Version">The membership version: a worker cut off from the others has a lower one.</param>
/// <param name="Workers">The workers.</param>
[GenerateSerializer, Immutable]
internal sealed record ClusterView([property: Id(0)] long Version, [property: Id(1)] WorkerView[] Workers);
