using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>A body that runs beside the step's thread.</summary>
public interface IBodyRun : IDisposable
{
    /// <summary>Asks the body to stop; it ends soon after, or is left behind.</summary>
    void Stop();

    /// <summary>Whether it was stopped before it came to its own end. To be asked once it has ended.</summary>
    bool WasStopped { get; }

    /// <summary>When it began; null while it has not. From then on its timeout counts.</summary>
    DateTimeOffset? Begun { get; }

    /// <summary>That it ended with its process while it ran alone there: it has no result. To be asked once it has ended.</summary>
    WorkerLoss? Loss { get; }

    /// <summary>What the body returned; throws what it threw. To be called once it has ended.</summary>
    /// <exception cref="Exception">As <see cref="ITaskBody.Run"/>.</exception>
    object? GetResult();
}
