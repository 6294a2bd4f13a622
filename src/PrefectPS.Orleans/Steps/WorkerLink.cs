using Orleans.Runtime;
using PrefectPS.Cluster;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Steps;

/// <summary>A worker as a step knows it. All of it belongs to the thread that holds the pool's lock.</summary>
internal sealed class WorkerLink(SiloAddress silo)
{
    private const int RestAfterFull = 300; // ms

    private int _others; // bodies that run there for others

    public SiloAddress Silo => silo;

    /// <summary>What it says of itself; null while it has not answered.</summary>
    public WorkerProfile? Profile { get; private set; }

    /// <summary>The bodies of this step that are there, or on their way.</summary>
    public HashSet<RemoteBody> Mine { get; } = [];

    /// <summary>Whether it takes no more.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>Why it takes no body of this flow; null while it does.</summary>
    public string? Refusal { get; set; }

    /// <summary>Whether something runs there alone, or waits to, for whatever step.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Whether it was asked what it has of the run.</summary>
    public bool WasAsked { get; set; }

    /// <summary>Whether it was asked that, and did not answer: what it has is not waited for.</summary>
    public bool HasFailedToSay { get; set; }

    /// <summary>The body that waits for it to have nothing else to do; null for none.</summary>
    public RemoteBody? WaitsFor { get; set; }

    /// <summary>From when on it is worth while to send it something again, by <see cref="Environment.TickCount64"/>.</summary>
    public long NextTry { get; private set; }

    /// <summary>Whether the last body that came back from it took so little time that a place waits longer for the next one than is worth while.</summary>
    public bool IsQuick { get; set; }

    /// <summary>How many more bodies it begins at once.</summary>
    public int Free => RoomIn(places: 1);

    /// <summary>How many more bodies it takes: where they are quick, one for each place ahead of the time when that is free.</summary>
    public int Room => RoomIn(IsQuick ? 2 : 1);

    /// <summary>Whether nothing runs there.</summary>
    public bool IsIdle => Profile is not null && !IsLeaving && Refusal is null && Mine.Count == 0 && _others == 0;

    /// <summary>Takes what it says of itself.</summary>
    public void See(Description seen)
    {
        Profile = seen.ToProfile();
        Refusal = null;
        IsLeaving = seen.IsLeaving;
        IsTaken = seen.IsTaken && !Mine.Any(body => body.IsAlone) && WaitsFor is null;
        _others = Math.Max(seen.Running + seen.Waiting - Mine.Count, 0);
    }

    /// <summary>It has no place, though it seemed to have: others are faster.</summary>
    public void SetFull()
    {
        IsQuick = false;
        _others = Math.Max(Profile!.Places - Mine.Count, _others);
        NextTry = Environment.TickCount64 + RestAfterFull;
    }

    /// <summary>Machine and process, or its address.</summary>
    public override string ToString() => Profile is { } known ? WorkerProfile.NameOf(known.Machine, known.ProcessId) : silo.Endpoint.ToString();

    private int RoomIn(int places) =>
        Profile is null || IsLeaving || Refusal is not null || IsTaken || WaitsFor is not null || Mine.Any(body => body.IsAlone)
            ? 0
            : Math.Max((Profile.Places * places) - Mine.Count - _others, 0);
}
