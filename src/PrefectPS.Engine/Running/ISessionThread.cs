using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>The step's own thread, where a body cannot simply be left: what it runs can be stopped, though the step goes on.</summary>
public interface ISessionThread
{
    /// <summary>Runs something on this thread.</summary>
    /// <param name="part">What is run; what it throws is thrown here.</param>
    /// <param name="stop">When it is to end: code that does not look at the token is stopped a moment later.</param>
    /// <exception cref="StepStoppedException">It was stopped.</exception>
    void Run(Action part, CancellationToken stop);
}
