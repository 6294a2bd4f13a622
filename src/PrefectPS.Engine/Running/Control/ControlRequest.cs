namespace PrefectPS.Running;

/// <summary>Something that is asked of a run on record, from outside. Immutable.</summary>
/// <param name="Id">What tells it apart from all others: one that is sent twice is applied once.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="By">Who asks.</param>
/// <param name="At">When, by the sender's clock; UTC.</param>
public sealed record ControlRequest(string Id, RequestKind Kind, string By, DateTimeOffset At)
{
    /// <summary>Why; null where nothing is said.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// Of a stop: whether bodies that run are let end; of a resume: whether a stopped run is to go on, too; of an undo, once it is applied: whether it has stopped the run.
    /// </summary>
    public bool IsSpecial { get; init; }

    /// <summary>Of an event: its name, and what comes with it. Of a refusal: that of the event.</summary>
    public SentEvent? Event { get; init; }

    /// <summary>Of a refusal: the id of the event.</summary>
    internal string? Refused { get; init; }

    /// <summary>Of an edit: the tasks, and what becomes of them.</summary>
    public TaskEdit? Edit { get; init; }
}
