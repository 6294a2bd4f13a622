namespace PrefectPS.Running;

/// <summary>What a control request asks for. The names stand in stores.</summary>
public enum RequestKind
{
    /// <summary>The run is to end, Cancelled.</summary>
    Stop,

    /// <summary>Nothing of the run is to begin until it is resumed.</summary>
    Suspend,

    /// <summary>The run is neither suspended any more nor, where that is forced, stopped.</summary>
    Resume,

    /// <summary>Tasks are to have another state.</summary>
    Edit,

    /// <summary>What the run has done is to be undone; where it has not ended, it is stopped by that.</summary>
    Undo,

    /// <summary>An event for a task that waits for it, now or later.</summary>
    Event,

    /// <summary>An event that a task cannot take is dropped. Asked for by the step that found it so.</summary>
    Refuse,
}
