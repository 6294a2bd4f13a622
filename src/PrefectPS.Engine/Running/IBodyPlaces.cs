using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>The places for bodies in processes that come and go. All is asked on the step's own thread.</summary>
public interface IBodyPlaces
{
    /// <summary>What a task's place goes by: of tasks with the same there is a place for each, or for none.</summary>
    string KindOf(FlowTask task);

    /// <summary>Whether a task's body can be taken now.</summary>
    bool HasPlaceFor(FlowTask task);

    /// <summary>Whether there will never be a place again: the step ends as at its budget.</summary>
    bool HasEnded { get; }

    /// <summary>A task that is ready has found no place, and nothing else is left to do: a person may have to know why.</summary>
    void NoteWaiting(FlowTask task);

    /// <summary>Sets what is called, from any thread, when there may be a place for a body that found none.</summary>
    void WakeBy(Action wake);
}
