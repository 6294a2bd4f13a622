using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>An element of a document's tasks, before it is matched with the flow.</summary>
internal struct TaskEntry
{
    public string? Slug;
    public string? Name;
    public State? State;

    /// <summary>The start of the body, relative to the run's start; null where unspecified.</summary>
    public TimeSpan? SinceStart;
    public TimeSpan Duration;

    /// <summary>The run of the subflow; null for none.</summary>
    public FlowState? SubflowRun;

    /// <summary>A mapped task's children; null where unspecified.</summary>
    public List<TaskEntry>? Children;

    /// <summary>The element's offset in bytes.</summary>
    public long Offset;
}
