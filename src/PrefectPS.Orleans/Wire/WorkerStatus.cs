using Orleans;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans.Wire;

/// <summary>A worker's profile and current load.</summary>
[GenerateSerializer, Immutable]
internal sealed record WorkerStatus(
    [property: Id(0)] string Machine,
    [property: Id(1)] int ProcessId,
    [property: Id(2)] string[] FlowNames,
    [property: Id(3)] string[] Fingerprints,
    [property: Id(4)] string[] Tags,
    [property: Id(5)] int Places,
    [property: Id(6)] DateTimeOffset Since,
    [property: Id(7)] int Running,
    [property: Id(8)] bool IsLeaving,
    [property: Id(9)] bool IsTaken,
    [property: Id(10)] int Waiting)
{
    public static WorkerStatus Of(WorkerProfile profile, int running, int waiting, bool isLeaving, bool isTaken) => new(
        profile.Machine, profile.ProcessId, [.. profile.Flows.Select(flow => flow.Name)], [.. profile.Flows.Select(flow => flow.Fingerprint)], [.. profile.Tags],
        profile.Places, profile.Since, running, isLeaving, isTaken, waiting);

    public WorkerProfile ToProfile() =>
        new(Machine, ProcessId, [.. FlowNames.Zip(Fingerprints, (name, fingerprint) => new FlowVersion(name, fingerprint))], Tags, Places, Since);
}
