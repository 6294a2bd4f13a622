using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>A body running off the step's thread.</summary>
public interface IBodyRun : IDisposable
{
    /// <summary>Asks the body to stop; it ends soon after or is abandoned.</summary>
    void Stop();

    /// <summary>True if the body was stopped before it completed. Valid once it has ended.</summary>
    bool WasStopped { get; }

    /// <summary>When the body began, which starts its timeout; null before.</summary>
    DateTimeOffset? Begun { get; }

    /// <summary>Set if the process died while it ran the body alone: there is no result. Valid once the body has ended.</summary>
    WorkerLoss? Loss { get; }

    /// <summary>Returns the body's result or throws its exception. Valid once the body has ended.</summary>
    /// <exception cref="Exception">As <see cref="ITaskBody.Run"/>.</exception>
    object? GetResult();
}
