namespace PrefectPS.States;

/// <summary>The types of Prefect's state tree, by their names there (<c>prefect.engine.state</c>, 1.4.1).</summary>
/// <remarks><see cref="StateTypes"/> holds the tree itself: ancestors, predicates and colours.</remarks>
public enum StateType : byte
{
    /// <summary>Not run yet; will run when its upstream tasks have finished.</summary>
    Pending,

    /// <summary>Will run at its start time.</summary>
    Scheduled,

    /// <summary>Waits for a person: continues when set to <see cref="Resume"/>.</summary>
    Paused,

    /// <summary>Was paused and may continue.</summary>
    Resume,

    /// <summary>Failed, and will run again at its start time.</summary>
    Retrying,

    /// <summary>Handed to an executor (read from documents; PrefectPS itself never sets it).</summary>
    Submitted,

    /// <summary>Waits for a slot to run (read from documents; PrefectPS itself never sets it).</summary>
    Queued,

    /// <summary>Its client failed (read from documents; PrefectPS itself never sets it).</summary>
    ClientFailed,

    /// <summary>Its body is running; in a document: was running when the process ended.</summary>
    Running,

    /// <summary>Is being cancelled (read from documents; PrefectPS itself never sets it).</summary>
    Cancelling,

    /// <summary>Ended, neither succeeded nor failed.</summary>
    Finished,

    /// <summary>One pass of a loop ended; another follows.</summary>
    Looped,

    /// <summary>Not started because the step's budget was used up, or cancelled by hand.</summary>
    Cancelled,

    /// <summary>Succeeded.</summary>
    Success,

    /// <summary>Succeeded without running: its result already existed.</summary>
    Cached,

    /// <summary>Mapped: the work is in its children, one per input element.</summary>
    Mapped,

    /// <summary>Succeeded without running: there was nothing to do.</summary>
    Skipped,

    /// <summary>Failed.</summary>
    Failed,

    /// <summary>Failed: ran longer than its timeout.</summary>
    TimedOut,

    /// <summary>Failed without running: its trigger did not accept its upstream states.</summary>
    TriggerFailed,

    /// <summary>Failed: its result was invalid.</summary>
    ValidationFailed,
}
