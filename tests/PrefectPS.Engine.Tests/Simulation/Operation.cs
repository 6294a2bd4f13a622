using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>An operation of a process, with its outcome.</summary>
/// <param name="Process">The process.</param>
/// <param name="Kind">Kind of operation.</param>
/// <param name="RunId">The run id; null for the newest unfinished run.</param>
internal sealed record Operation(SimulatedProcess Process, OperationKind Kind, string? RunId)
{
    /// <summary>Effective kind: a step that found no due run has only read.</summary>
    public OperationKind Kind { get; private set; } = Kind;

    /// <summary>The control request; null for other kinds.</summary>
    public PrefectPS.Running.ControlRequest? Request { get; init; }

    /// <summary>True if a request was sent but not applied in time.</summary>
    public bool IsPending => Error is FlowException { Id: FlowErrorId.RequestPending };

    /// <summary>True if it takes any unfinished or due run, and so conflicts with whoever creates one.</summary>
    public bool IsOfAnyRun { get; init; }

    /// <summary>When it started.</summary>
    public int Began { get; init; }

    /// <summary>When it acquired its lease; null if it did not.</summary>
    public int? Opened { get; set; }

    /// <summary>When it first changed anything but its lease; null if it did not.</summary>
    public int? Wrote { get; set; }

    /// <summary>When it last changed anything but its lease, possibly after its end: an unanswered call takes effect late. Null if it did not.</summary>
    public int? Changed { get; set; }

    /// <summary>When it ended, successfully or not; null if its process died.</summary>
    public int? Ended { get; set; }

    /// <summary>The error; null if none.</summary>
    public Exception? Error { get; set; }

    /// <summary>Start time of the step's run, which distinguishes runs of the same id.</summary>
    public DateTimeOffset? Started { get; set; }

    /// <summary>The run returned by a step or found by a reader.</summary>
    public FlowState? Run { get; set; }

    /// <summary>Results found by a reader, by task.</summary>
    public IReadOnlyDictionary<string, object?> Results { get; set; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>True if it succeeded.</summary>
    public bool IsClosed => Ended is not null && Error is null;

    /// <summary>The run returned by a step; a step that found none due did nothing.</summary>
    public void Return(FlowState run)
    {
        if (run.Identity.Due is null)
            Run = run;
        else
            (Kind, Started) = (OperationKind.Read, null);
    }

    public override string ToString() => $"{Process.Name}'s {Kind} of {RunId ?? "any run"}";
}
