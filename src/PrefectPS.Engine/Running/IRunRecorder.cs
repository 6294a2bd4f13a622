using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Takes down what happens to the tasks of a run, so that another process can go on from there. Called on the step's own thread.</summary>
internal interface IRunRecorder
{
    /// <summary>A task's state, or a child's, has changed in a way that handlers are told of.</summary>
    void Changed(FlowTask task, int? child, State from, State to);

    /// <summary>A task or child is left in a state that a later step can go on from.</summary>
    void Settled(FlowTask task, int? child, State state);

    /// <summary>A task's subrun begins, or is gone on with; its own tasks are told to the recorder that is returned.</summary>
    IRunRecorder OfSubrun(TaskRun task, FlowState subrun);

    /// <summary>
    /// Something is about to follow from what has been taken down: a body is about to run, or the step to wait. Returns once that is kept as well
    /// as the step was asked to keep it.
    /// </summary>
    /// <exception cref="FlowException">It cannot be kept, or someone else has taken the run over.</exception>
    void Commit();
}
