using Orleans;
using Orleans.Runtime;

namespace PrefectPS.Orleans.Wire;

/// <summary>A worker as the cluster sees it.</summary>
/// <param name="Silo">Its address, which no other process has and none had before.</param>
/// <param name="Description">What it says of itself; null where it did not answer in time.</param>
[GenerateSerializer, Immutable]
internal sealed record WorkerSeen([property: Id(0)] SiloAddress Silo, [property: Id(1)] Description? Description);
