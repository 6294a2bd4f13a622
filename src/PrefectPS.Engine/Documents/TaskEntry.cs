using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>One element of a document's tasks, before it is known which task of the flow it is about.</summary>
internal struct TaskEntry
{
    public string? Slug;
    public string? Name;
    public State? State;

    /// <summary>When the body ran, counted from the run's start; null where the document does not say.</summary>
    public TimeSpan? SinceStart;
    public TimeSpan Duration;

    /// <summary>The run of the flow that is the task's body; null where there is none.</summary>
    public FlowState? SubflowRun;

    /// <summary>A mapped task's children; null where the document names none.</summary>
    public List<TaskEntry>? Children;

    /// <summary>Where the element begins, in bytes from the document's start.</summary>
    public long Offset;
}
