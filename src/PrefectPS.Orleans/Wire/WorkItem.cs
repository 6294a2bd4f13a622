using Orleans;

namespace PrefectPS.Orleans.Wire;

/// <summary>A body to run, as sent to a worker.</summary>
/// <param name="DispatchId">The unique id of this dispatch.</param>
/// <param name="Incarnation">The run's incarnation; null for a run not on record.</param>
/// <param name="Key">Identifies the body and its inputs: of equal ones only one needs to run. Null where the inputs cannot be hashed.</param>
/// <param name="Flow">The root flow's name.</param>
/// <param name="Fingerprint">The root flow's fingerprint.</param>
/// <param name="Label">The task, with the path of its subflow.</param>
/// <param name="Content">The request; null where it is in the store.</param>
/// <param name="Location">Its path in the store.</param>
/// <param name="Alone">Whether nothing else may run on the worker beside it.</param>
/// <param name="MayWait">Whether the worker may queue it briefly.</param>
[GenerateSerializer, Immutable]
internal sealed record WorkItem(
    [property: Id(0)] string DispatchId,
    [property: Id(1)] string? Incarnation,
    [property: Id(2)] string? Key,
    [property: Id(3)] string Flow,
    [property: Id(4)] string Fingerprint,
    [property: Id(5)] string Label,
    [property: Id(6)] byte[]? Content,
    [property: Id(7)] string? Location,
    [property: Id(8)] bool Alone,
    [property: Id(9)] bool MayWait = false);
