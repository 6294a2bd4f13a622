namespace PrefectPS.Running;

/// <summary>A request to a recorded run, from outside. Immutable.</summary>
/// <param name="Id">Unique id: a request sent twice is applied once.</param>
/// <param name="Kind">Kind of request.</param>
/// <param name="By">The sender.</param>
/// <param name="At">Time sent, by the sender's clock; UTC.</param>
public sealed record ControlRequest(string Id, RequestKind Kind, string By, DateTimeOffset At)
{
    /// <summary>Reason; null if none given.</summary>
    public string? Reason { get; init; }

    /// <summary>For a stop: let running bodies finish. For a resume: also continue a stopped run. For an applied undo: it stopped the run.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>For an event or a refusal: the event.</summary>
    public SentEvent? Event { get; init; }

    /// <summary>For a refusal: the id of the event.</summary>
    internal string? Refused { get; init; }

    /// <summary>For an edit: the tasks and their new state.</summary>
    public TaskEdit? Edit { get; init; }
}
