namespace PrefectPS.Cluster;

/// <summary>A snapshot of a worker: a process that runs task bodies for steps elsewhere. Immutable.</summary>
public sealed class FlowWorker
{
    /// <summary>Creates the description of a worker.</summary>
    /// <param name="profile">What it says of itself.</param>
    /// <param name="address">Where others reach it: address and port.</param>
    /// <param name="running">How many bodies it runs now.</param>
    /// <param name="isLeaving">Whether it takes no more.</param>
    public FlowWorker(WorkerProfile profile, string address, int running, bool isLeaving)
    {
        (Machine, ProcessId, Places, Since) = (profile.Machine, profile.ProcessId, profile.Places, profile.Since);
        Flows = [.. profile.Flows.Select(flow => flow.Name)];
        Tags = profile.Tags;
        (Address, Running, IsLeaving) = (address, running, isLeaving);
    }

    /// <summary>The machine's name.</summary>
    public string Machine { get; }

    /// <summary>The process id.</summary>
    public int ProcessId { get; }

    /// <summary>The flows whose tasks it runs.</summary>
    public IReadOnlyList<string> Flows { get; }

    /// <summary>The tags that it serves; tasks with such a tag run only on workers that serve it.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>The number of bodies it runs at a time.</summary>
    public int Places { get; }

    /// <summary>The number of bodies running now, for any run.</summary>
    public int Running { get; }

    /// <summary>True if it is shutting down: it takes no more bodies and leaves when those running have ended.</summary>
    public bool IsLeaving { get; }

    /// <summary>The start time; UTC.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>The address and port it listens on.</summary>
    public string Address { get; }

    /// <summary>The machine and process.</summary>
    public override string ToString() => WorkerProfile.NameOf(Machine, ProcessId);
}
