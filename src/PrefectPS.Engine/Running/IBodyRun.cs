using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>A body that runs beside the step's thread.</summary>
internal interface IBodyRun : IDisposable
{
    /// <summary>Asks the body to stop; it ends soon after, or is left behind.</summary>
    void Stop();

    /// <summary>Whether it was stopped before it came to its own end. To be asked once it has ended.</summary>
    bool WasStopped { get; }

    /// <summary>What the body returned; throws what it threw. To be called once it has ended.</summary>
    /// <exception cref="Exception">As <see cref="ITaskBody.Run"/>.</exception>
    object? GetResult();
}
