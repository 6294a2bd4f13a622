using Orleans.Runtime;
using PrefectPS.Cluster;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Steps;

/// <summary>A worker as a step sees it. Guarded by the lock of <see cref="Assignments"/>.</summary>
internal sealed class WorkerLink(SiloAddress silo)
{
    private const int RestAfterFull = 300; // ms

    private int _others; // bodies of other steps

    public SiloAddress Silo => silo;

    /// <summary>The worker's profile; null until it has answered.</summary>
    public WorkerProfile? Profile { get; private set; }

    /// <summary>This step's bodies assigned to it.</summary>
    public HashSet<RemoteBody> Bodies { get; } = [];

    /// <summary>True if it is shutting down.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>Why it rejects this flow's bodies; null while it accepts them.</summary>
    public string? Refusal { get; set; }

    /// <summary>True if a body runs there exclusively, or is about to, for any step.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>True if its claims on the run are known.</summary>
    public bool HasClaims { get; set; }

    /// <summary>True if it did not answer the request for claims, which are then not waited for.</summary>
    public bool LacksClaims { get; set; }

    /// <summary>The body that it is reserved for once idle; null for none.</summary>
    public RemoteBody? WaitsFor { get; set; }

    /// <summary>The earliest time for another dispatch, by <see cref="Environment.TickCount64"/>.</summary>
    public long NextTry { get; private set; }

    /// <summary>True if its last body was so short that queueing the next one ahead pays off.</summary>
    public bool IsQuick { get; set; }

    /// <summary>The number of free places.</summary>
    public int Free => RoomIn(places: 1);

    /// <summary>The number of bodies it accepts: for quick bodies one more per place, queued ahead.</summary>
    public int Room => RoomIn(IsQuick ? 2 : 1);

    /// <summary>True if nothing runs there.</summary>
    public bool IsIdle => Profile is not null && !IsLeaving && Refusal is null && Bodies.Count == 0 && _others == 0;

    /// <summary>Applies its status.</summary>
    public void See(WorkerStatus seen)
    {
        Profile = seen.ToProfile();
        Refusal = null;
        IsLeaving = seen.IsLeaving;
        IsTaken = seen.IsTaken && !Bodies.Any(body => body.IsAlone) && WaitsFor is null;
        _others = Math.Max(seen.Running + seen.Waiting - Bodies.Count, 0);
    }

    /// <summary>Marks it full after a rejected dispatch: other steps were faster.</summary>
    public void MarkFull()
    {
        IsQuick = false;
        _others = Math.Max(Profile!.Places - Bodies.Count, _others);
        NextTry = Environment.TickCount64 + RestAfterFull;
    }

    /// <summary>The machine and process, or the address.</summary>
    public override string ToString() => Profile is { } known ? WorkerProfile.NameOf(known.Machine, known.ProcessId) : silo.Endpoint.ToString();

    private int RoomIn(int places) =>
        Profile is null || IsLeaving || Refusal is not null || IsTaken || WaitsFor is not null || Bodies.Any(body => body.IsAlone)
            ? 0
            : Math.Max((Profile.Places * places) - Bodies.Count - _others, 0);
}
