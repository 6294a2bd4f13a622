using Orleans;

namespace PrefectPS.Orleans.Wire;

/// <summary>The cluster as one of its workers sees it.</summary>
/// <param name="Version">How often the cluster had changed by then: who is out of touch with the others knows less than they do.</param>
/// <param name="Workers">The workers that there are.</param>
[GenerateSerializer, Immutable]
internal sealed record ClusterSeen([property: Id(0)] long Version, [property: Id(1)] WorkerSeen[] Workers);
