using Orleans;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans.Wire;

/// <summary>Something that a worker tells of a body: that it begins now, what it has written, or how it has ended.</summary>
/// <param name="Delivery">Which sending of the body.</param>
/// <param name="Number">How many were told of it before.</param>
/// <param name="End">How it has ended; null while it has not.</param>
/// <param name="Content">What it has written, or what came of it; null where it begins, for nothing, and where that is in the flow's store.</param>
/// <param name="Location">Its place in the store.</param>
[GenerateSerializer, Immutable]
internal sealed record Told(
    [property: Id(0)] string Delivery,
    [property: Id(1)] int Number,
    [property: Id(2)] BodyEnd? End,
    [property: Id(3)] byte[]? Content,
    [property: Id(4)] string? Location);
