namespace PrefectPS.Cluster;

/// <summary>How a body in another process ended.</summary>
public enum BodyEnd
{
    /// <summary>It returned.</summary>
    Returned,

    /// <summary>It threw an error.</summary>
    Failed,

    /// <summary>It sent a signal.</summary>
    Signalled,

    /// <summary>It was stopped before it came to its own end.</summary>
    Stopped,

    /// <summary>Its process leaves the cluster, and has stopped it: another one is to run it.</summary>
    GivenBack,
}
