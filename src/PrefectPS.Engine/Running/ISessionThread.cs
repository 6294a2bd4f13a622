using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>The step's own thread, on which a body cannot be abandoned: stops what runs there while the step continues.</summary>
public interface ISessionThread
{
    /// <summary>Runs an action on this thread.</summary>
    /// <param name="part">The action; its exceptions propagate.</param>
    /// <param name="stop">Ends the action: code that ignores the token is stopped a moment later.</param>
    /// <exception cref="StepStoppedException">The action was stopped.</exception>
    void Run(Action part, CancellationToken stop);
}
