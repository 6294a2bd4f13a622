namespace PrefectPS.Running;

/// <summary>Records what happens to the tasks of a run, so that another process can go on from there. Called on the step's own thread.</summary>
internal interface IRunRecorder
{
    /// <summary>Records an event, which has been applied to the run's states.</summary>
    void Record(in TaskEvent taskEvent);

    /// <summary>Flushes, at the step's durability, before a body starts or the step waits.</summary>
    /// <exception cref="FlowException">The record cannot be written, or another step has taken the run over.</exception>
    void Flush();
}
