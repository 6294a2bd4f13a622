namespace PrefectPS.Cluster;

/// <summary>How a body in another process ended.</summary>
public enum BodyEnd
{
    /// <summary>The body returned.</summary>
    Returned,

    /// <summary>The body threw an error.</summary>
    Failed,

    /// <summary>The body ended with a signal.</summary>
    Signalled,

    /// <summary>The body was stopped.</summary>
    Stopped,

    /// <summary>The worker stopped the body, or never started it; another worker must run it.</summary>
    Evicted,
}
