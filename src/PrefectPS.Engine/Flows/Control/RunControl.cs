namespace PrefectPS.Flows;

/// <summary>What others have asked of a run, from outside, up to a point of its record. Immutable.</summary>
public sealed record RunControl
{
    /// <summary>Nothing.</summary>
    internal static readonly RunControl None = new();

    /// <summary>Whether the run is stopped or suspended, by whom and why; null for neither.</summary>
    internal RunMark? Mark { get; init; }

    /// <summary>How many requests have been applied. A document that has a smaller number than the record does not know of the later ones.</summary>
    public int Count { get; init; }

    /// <summary>The requests that have been applied, in order. Known to the record alone: a document that travels has none.</summary>
    internal IReadOnlyList<KnownRequest> Known { get; init; } = [];

    /// <summary>The events that were sent and no task has taken yet, the oldest first.</summary>
    public IReadOnlyList<RunEvent> Events { get; init; } = [];

    /// <summary>From when the time of the run counts, where it was edited after that was over; null for its start.</summary>
    internal DateTimeOffset? TimeoutFrom { get; init; }

    /// <summary>What is to be told of the run, and was not yet, in the order in which it came about: each once.</summary>
    internal IReadOnlyList<NotifyReason> Due { get; init; } = [];

    /// <summary>When the time of a run is over; null where it has any.</summary>
    internal DateTimeOffset? DeadlineOf(Flow flow, DateTimeOffset started) => flow.RunTimeout is { } timeout ? (TimeoutFrom ?? started).Plus(timeout) : null;

    /// <summary>The same once the run was edited: where its time was over by then, it has that anew.</summary>
    internal RunControl Edited(Flow flow, DateTimeOffset started, DateTimeOffset now) => DeadlineOf(flow, started) <= now ? this with { TimeoutFrom = now } : this;

    /// <summary>Whether the run was stopped.</summary>
    internal bool IsStopped => Mark is { IsStop: true };

    /// <summary>Whether a request has been applied.</summary>
    public bool Knows(string id) => Known.Any(request => request.Id == id);

    /// <summary>The slugs of the tasks that were set by requests after the first so many.</summary>
    internal IEnumerable<string> SetSince(int count) => Known.Where(request => request.Number > count).SelectMany(request => request.Tasks);

    /// <summary>The same after one more request.</summary>
    /// <param name="id">The request.</param>
    /// <param name="tasks">The slugs of the tasks that it has set.</param>
    /// <param name="mark">What the run is by it.</param>
    internal RunControl Next(string id, IReadOnlyList<string> tasks, RunMark? mark) =>
        this with { Mark = mark, Count = Count + 1, Known = [.. Known, new(id, Count + 1, tasks)] };

    /// <summary>The same with something more to be told.</summary>
    internal RunControl WithDue(NotifyReason reason) => Due.Contains(reason) ? this : this with { Due = [.. Due, reason] };

    /// <summary>The same with an event more.</summary>
    internal RunControl With(RunEvent sent) => this with { Events = [.. Events, sent] };

    /// <summary>The same without an event, which was taken or refused; itself where there is none of that id.</summary>
    internal RunControl Without(string id) => Events.Any(sent => sent.Id == id) ? this with { Events = [.. Events.Where(sent => sent.Id != id)] } : this;

    /// <summary>The status that a run has which its tasks' states give another one. One that has ended is not suspended any more.</summary>
    internal RunStatus Over(RunStatus status) =>
        Mark is null || (status.IsOver && !Mark.IsStop) ? status
        : new(Mark.IsStop ? States.StateType.Cancelled : States.StateType.Paused, Mark.Message, HasPending: false, NextStartTime: null) { IsOver = Mark.IsStop };
}
