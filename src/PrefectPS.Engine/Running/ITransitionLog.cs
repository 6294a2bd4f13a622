namespace PrefectPS.Running;

/// <summary>Told of what happens to the tasks of a run, and of flows inside it, as it happens. Called on the step's own thread.</summary>
public interface ITransitionLog
{
    /// <summary>Something has happened to a task.</summary>
    void Add(in TaskEvent taskEvent);
}
