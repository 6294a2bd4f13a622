namespace PrefectPS.Cluster;

/// <summary>Runs bodies in this process for runs that are coordinated elsewhere. Called from any thread.</summary>
public interface IBodyHost
{
    /// <summary>What this process says of itself.</summary>
    WorkerProfile Profile { get; }

    /// <summary>Begins to run a body, and returns at once.</summary>
    /// <param name="flow">The flow that is run, which is one of those of <see cref="Profile"/>.</param>
    /// <param name="label">The task, with the path of the flow that it is in.</param>
    /// <param name="delivery">What tells this sending of the body from every other one.</param>
    /// <param name="order">The order, as <see cref="BodyOrder"/> reads it.</param>
    /// <param name="sink">Takes what it writes, and what comes of it.</param>
    /// <returns>Stops it when it is disposed of; it ends soon after, or is left behind.</returns>
    IDisposable Begin(FlowVersion flow, string label, string delivery, Parcel order, IBodySink sink);

    /// <summary>Something that a person at this worker may want to know.</summary>
    /// <param name="text">It.</param>
    /// <param name="isDetail">Whether it is of interest only to who looks for a fault.</param>
    void Tell(string text, bool isDetail);
}
