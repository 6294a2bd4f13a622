namespace PrefectPS.Running;

/// <summary>Kinds of control requests. The names are stored.</summary>
public enum RequestKind
{
    /// <summary>End the run as Cancelled.</summary>
    Stop,

    /// <summary>Start nothing until the run is resumed.</summary>
    Suspend,

    /// <summary>Resume a suspended run or, if forced, a stopped one.</summary>
    Resume,

    /// <summary>Set task states.</summary>
    Edit,

    /// <summary>Undo the run, stopping it first if it has not ended.</summary>
    Undo,

    /// <summary>Send an event to a task that waits for it, now or later.</summary>
    Event,

    /// <summary>Drop an event that a task cannot accept; sent by the step that found out.</summary>
    Refuse,
}
