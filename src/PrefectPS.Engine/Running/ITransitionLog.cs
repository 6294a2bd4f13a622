namespace PrefectPS.Running;

/// <summary>Receives task events of a run and its subflow runs as they happen. Called on the step's own thread.</summary>
public interface ITransitionLog
{
    /// <summary>Adds an event.</summary>
    void Add(in TaskEvent taskEvent);
}
