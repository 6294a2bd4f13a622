using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>Slots for bodies in processes that come and go. Used on the step's own thread.</summary>
public interface IBodyPlaces
{
    /// <summary>Admission key: for tasks with the same key there is either a slot for each or for none.</summary>
    string KindOf(FlowTask task);

    /// <summary>True if a slot is available for the task's body.</summary>
    bool HasPlaceFor(FlowTask task);

    /// <summary>True if no slot will ever be available again: the step ends as at its budget.</summary>
    bool HasEnded { get; }

    /// <summary>Reports that a ready task found no slot and nothing else is left to do, so that a person can be told why.</summary>
    void NoteWaiting(FlowTask task);

    /// <summary>Sets a callback, called from any thread, for when a slot may have become available.</summary>
    void WakeBy(Action wake);
}
