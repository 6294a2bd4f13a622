namespace PrefectPS.Cluster;

/// <summary>Runs bodies in this process for steps elsewhere. Thread-safe.</summary>
public interface IBodyHost
{
    /// <summary>The worker's description.</summary>
    WorkerProfile Profile { get; }

    /// <summary>Starts a body and returns at once.</summary>
    /// <param name="flow">The root flow, one of <see cref="Profile"/>'s.</param>
    /// <param name="label">The task, with the path of its subflow.</param>
    /// <param name="dispatchId">The unique id of this dispatch of the body.</param>
    /// <param name="request">The serialized <see cref="BodyRequest"/>.</param>
    /// <param name="sink">Receives the output and outcome.</param>
    /// <returns>Disposing stops the body, which ends soon after or is abandoned.</returns>
    IDisposable Begin(FlowVersion flow, string label, string dispatchId, Payload request, IBodySink sink);

    /// <summary>Reports an event to the person who runs the worker.</summary>
    /// <param name="text">The message.</param>
    /// <param name="isDetail">Whether it is diagnostic only.</param>
    void Log(string text, bool isDetail);
}
