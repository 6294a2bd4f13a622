using Orleans;

namespace PrefectPS.Orleans.Wire;

/// <summary>A body that a worker runs or ran for a run, with its outcome not yet acknowledged.</summary>
/// <param name="Key">Identifies the body and its inputs.</param>
/// <param name="DispatchId">The dispatch it came with.</param>
[GenerateSerializer, Immutable]
internal sealed record Claim([property: Id(0)] string Key, [property: Id(1)] string DispatchId);
