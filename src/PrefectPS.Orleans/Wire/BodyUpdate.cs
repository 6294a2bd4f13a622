using Orleans;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans.Wire;

/// <summary>A worker's update on a body: started, output, or ended.</summary>
/// <param name="DispatchId">The dispatch.</param>
/// <param name="Number">The number of updates before it.</param>
/// <param name="End">How the body ended; null while it runs.</param>
/// <param name="Content">The output or the outcome's payload; null for a start, for nothing, or for a payload in the store.</param>
/// <param name="Location">The payload's path in the store.</param>
[GenerateSerializer, Immutable]
internal sealed record BodyUpdate(
    [property: Id(0)] string DispatchId,
    [property: Id(1)] int Number,
    [property: Id(2)] BodyEnd? End,
    [property: Id(3)] byte[]? Content,
    [property: Id(4)] string? Location);
