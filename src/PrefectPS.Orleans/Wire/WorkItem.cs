using Orleans;

namespace PrefectPS.Orleans.Wire;

/// <summary>A body to run, as it is sent to a worker.</summary>
/// <param name="Delivery">What tells this sending from every other one.</param>
/// <param name="Incarnation">What tells the run from every other one; null for a run that is not on record.</param>
/// <param name="Key">What the body is, with what it is given: of equal ones one needs to run. Null where that cannot be said.</param>
/// <param name="Flow">The flow that is run.</param>
/// <param name="Fingerprint">Its fingerprint.</param>
/// <param name="Label">The task, with the path of the flow that it is in.</param>
/// <param name="Content">The order; null where it is in the flow's store.</param>
/// <param name="Location">Its place in the store.</param>
/// <param name="Alone">Whether nothing else may run in the worker beside it.</param>
/// <param name="MayWait">Whether it may wait there for a place for a short time.</param>
[GenerateSerializer, Immutable]
internal sealed record WorkItem(
    [property: Id(0)] string Delivery,
    [property: Id(1)] string? Incarnation,
    [property: Id(2)] string? Key,
    [property: Id(3)] string Flow,
    [property: Id(4)] string Fingerprint,
    [property: Id(5)] string Label,
    [property: Id(6)] byte[]? Content,
    [property: Id(7)] string? Location,
    [property: Id(8)] bool Alone,
    [property: Id(9)] bool MayWait = false);
