namespace PrefectPS.Flows;

/// <summary>The control requests applied to a run so far, and their effects. Immutable.</summary>
public sealed record RunControl
{
    /// <summary>No requests.</summary>
    internal static readonly RunControl None = new();

    /// <summary>Stop or suspension in effect; null if neither.</summary>
    internal RunHold? Hold { get; init; }

    /// <summary>Number of applied requests. A document with a smaller number than the record has missed the later ones.</summary>
    public int Count { get; init; }

    /// <summary>The applied requests, in order. Kept in the record only; documents do not carry them.</summary>
    internal IReadOnlyList<KnownRequest> Known { get; init; } = [];

    /// <summary>Events that no task has taken yet, oldest first.</summary>
    public IReadOnlyList<RunEvent> Events { get; init; } = [];

    /// <summary>Start of the run's timeout if an edit restarted it; null for the run's start.</summary>
    internal DateTimeOffset? TimeoutFrom { get; init; }

    /// <summary>Notifications still to be sent, in order and distinct.</summary>
    internal IReadOnlyList<NotifyReason> Due { get; init; } = [];

    /// <summary>Deadline of a run; null if it has no timeout.</summary>
    internal DateTimeOffset? DeadlineOf(Flow flow, DateTimeOffset started) => flow.RunTimeout is { } timeout ? (TimeoutFrom ?? started).Plus(timeout) : null;

    /// <summary>Restarts the run's timeout after an edit if it had expired.</summary>
    internal RunControl Edited(Flow flow, DateTimeOffset started, DateTimeOffset now) => DeadlineOf(flow, started) <= now ? this with { TimeoutFrom = now } : this;

    /// <summary>True if the run was stopped.</summary>
    internal bool IsStopped => Hold is { IsStop: true };

    /// <summary>True if the request with this id was applied.</summary>
    public bool Knows(string id) => Known.Any(request => request.Id == id);

    /// <summary>Slugs of the tasks set by requests after the first <paramref name="count"/>.</summary>
    internal IEnumerable<string> SetSince(int count) => Known.Where(request => request.Number > count).SelectMany(request => request.Tasks);

    /// <summary>Adds an applied request.</summary>
    /// <param name="id">The request.</param>
    /// <param name="tasks">Slugs of the tasks whose state it set.</param>
    /// <param name="hold">Stop or suspension in effect after the request.</param>
    internal RunControl Next(string id, IReadOnlyList<string> tasks, RunHold? hold) =>
        this with { Hold = hold, Count = Count + 1, Known = [.. Known, new(id, Count + 1, tasks)] };

    /// <summary>Adds a pending notification, if it is not pending already.</summary>
    internal RunControl WithDue(NotifyReason reason) => Due.Contains(reason) ? this : this with { Due = [.. Due, reason] };

    /// <summary>Adds an event.</summary>
    internal RunControl With(RunEvent sent) => this with { Events = [.. Events, sent] };

    /// <summary>Removes an event that was taken or refused, if present.</summary>
    internal RunControl Without(string id) => Events.Any(sent => sent.Id == id) ? this with { Events = [.. Events.Where(sent => sent.Id != id)] } : this;

    /// <summary>Applies a stop or suspension to the status that the tasks' states give the run. An ended run is no longer suspended.</summary>
    internal RunStatus Over(RunStatus status) =>
        Hold is null || (status.IsOver && !Hold.IsStop) ? status
        : new(Hold.IsStop ? States.StateType.Cancelled : States.StateType.Paused, Hold.Message, HasPending: false, NextStartTime: null) { IsOver = Hold.IsStop };
}
