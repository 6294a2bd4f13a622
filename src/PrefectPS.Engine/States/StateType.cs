namespace PrefectPS.States;

/// <summary>The types of Prefect's state tree, by their names there (<c>prefect.engine.state</c>, 1.4.1).</summary>
/// <remarks><see cref="StateTypes"/> holds the tree itself: ancestors, predicates and colours.</remarks>
public enum StateType : byte
{
    /// <summary>Not run yet; will run when its upstream tasks have finished.</summary>
    Pending,

    /// <summary>Will run once its start time has come.</summary>
    Scheduled,

    /// <summary>Waits for a person: goes on when it is set to <see cref="Resume"/>.</summary>
    Paused,

    /// <summary>Was paused and may go on.</summary>
    Resume,

    /// <summary>Failed, and will run again at its start time.</summary>
    Retrying,

    /// <summary>Handed to an executor (read from documents; PrefectPS itself never sets it).</summary>
    Submitted,

    /// <summary>Waits for a place to run (read from documents; PrefectPS itself never sets it).</summary>
    Queued,

    /// <summary>Its client failed (read from documents; PrefectPS itself never sets it).</summary>
    ClientFailed,

    /// <summary>Its body is being run; in a document: was being run when its process ended.</summary>
    Running,

    /// <summary>Is being cancelled (read from documents; PrefectPS itself never sets it).</summary>
    Cancelling,

    /// <summary>Ended, neither well nor badly.</summary>
    Finished,

    /// <summary>One pass of a loop ended; another follows.</summary>
    Looped,

    /// <summary>Was not started because its step's budget was used up, or was cancelled by hand.</summary>
    Cancelled,

    /// <summary>Ended well.</summary>
    Success,

    /// <summary>Ended well without running: its result was there already.</summary>
    Cached,

    /// <summary>Ended well: its children, one an input element, carry the work.</summary>
    Mapped,

    /// <summary>Ended well without running: there was nothing to do.</summary>
    Skipped,

    /// <summary>Ended badly.</summary>
    Failed,

    /// <summary>Ended badly: ran longer than its timeout.</summary>
    TimedOut,

    /// <summary>Ended badly without running: its trigger did not accept its upstream states.</summary>
    TriggerFailed,

    /// <summary>Ended badly: its result was not valid.</summary>
    ValidationFailed,
}
