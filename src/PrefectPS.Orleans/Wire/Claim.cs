using Orleans;

namespace PrefectPS.Orleans.Wire;

/// <summary>A body that a worker runs or has run for a run, of which nobody has said yet that it knows the outcome.</summary>
/// <param name="Key">What the body is, with what it was given.</param>
/// <param name="Delivery">Which sending of it.</param>
[GenerateSerializer, Immutable]
internal sealed record Claim([property: Id(0)] string Key, [property: Id(1)] string Delivery);
