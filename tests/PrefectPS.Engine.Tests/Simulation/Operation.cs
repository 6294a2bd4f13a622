using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Something that a process was asked to do, and what came of it.</summary>
/// <param name="Process">The process.</param>
/// <param name="Kind">What.</param>
/// <param name="RunId">The run; null for whichever is unfinished.</param>
internal sealed record Operation(SimulatedProcess Process, OperationKind Kind, string? RunId)
{
    /// <summary>What it was asked to do; a step that found no run due has only looked.</summary>
    public OperationKind Kind { get; private set; } = Kind;

    /// <summary>What is asked of the run; null for any other operation.</summary>
    public PrefectPS.Running.ControlRequest? Request { get; init; }

    /// <summary>Whether a request was sent, and not applied in time.</summary>
    public bool IsPending => Error is FlowException { Id: FlowErrorId.RequestPending };

    /// <summary>Whether it is of whichever run is unfinished or due: then whoever begins another is in its way.</summary>
    public bool IsOfAnyRun { get; init; }

    /// <summary>When it began.</summary>
    public int Began { get; init; }

    /// <summary>When it took its lease; null where it did not.</summary>
    public int? Opened { get; set; }

    /// <summary>When it first changed anything but its lease; null where it did not.</summary>
    public int? Wrote { get; set; }

    /// <summary>When it last changed anything but its lease, perhaps after its end: a call without an answer takes effect late. Null where it did not.</summary>
    public int? Changed { get; set; }

    /// <summary>When it ended, well or with an error; null where its process died.</summary>
    public int? Ended { get; set; }

    /// <summary>What went wrong.</summary>
    public Exception? Error { get; set; }

    /// <summary>When the run that a step works on was started: of two runs of one id not the same.</summary>
    public DateTimeOffset? Started { get; set; }

    /// <summary>The run as a step returned it, or as a reader found it.</summary>
    public FlowState? Run { get; set; }

    /// <summary>The results that a reader found, by task.</summary>
    public IReadOnlyDictionary<string, object?> Results { get; set; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Whether it ended well.</summary>
    public bool IsClosed => Ended is not null && Error is null;

    /// <summary>The run as a step returned it; one that found none due did nothing.</summary>
    public void Return(FlowState run)
    {
        if (run.Identity.Due is null)
            Run = run;
        else
            (Kind, Started) = (OperationKind.Read, null);
    }

    public override string ToString() => $"{Process.Name}'s {Kind} of {RunId ?? "any run"}";
}
