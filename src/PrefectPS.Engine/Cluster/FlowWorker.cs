namespace PrefectPS.Cluster;

/// <summary>A process that runs bodies for runs that are coordinated elsewhere, as it is now. Immutable.</summary>
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

    /// <summary>The name of its machine.</summary>
    public string Machine { get; }

    /// <summary>Its process there.</summary>
    public int ProcessId { get; }

    /// <summary>The flows whose tasks it runs.</summary>
    public IReadOnlyList<string> Flows { get; }

    /// <summary>The tags that it serves: tasks that have one of them run only where it is served.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>How many bodies it runs at once.</summary>
    public int Places { get; }

    /// <summary>How many it runs now, for whatever run.</summary>
    public int Running { get; }

    /// <summary>Whether it takes no more, and leaves once those that run have ended.</summary>
    public bool IsLeaving { get; }

    /// <summary>When it was started; UTC.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>Where others reach it: address and port.</summary>
    public string Address { get; }

    /// <summary>Machine and process.</summary>
    public override string ToString() => WorkerProfile.NameOf(Machine, ProcessId);
}
