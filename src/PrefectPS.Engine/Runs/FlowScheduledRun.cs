using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>A scheduled time of a flow, with its run if there is one. Immutable.</summary>
public sealed class FlowScheduledRun
{
    /// <summary>Creates the entry of a time.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="time">The time; UTC.</param>
    /// <param name="run">Its run; null if none.</param>
    public FlowScheduledRun(Flow flow, DateTimeOffset time, FlowRun? run)
    {
        Flow = flow;
        ScheduledStartTime = time;
        RunId = ScheduledTime.IdOf(time);
        State = run?.State;
    }

    /// <summary>The flow.</summary>
    public Flow Flow { get; }

    /// <summary>The scheduled time; UTC.</summary>
    public DateTimeOffset ScheduledStartTime { get; }

    /// <summary>Id of the run for this time, existing or not.</summary>
    public string RunId { get; }

    /// <summary>State of that run when it was looked up; null if there was none.</summary>
    public string? State { get; }

    /// <summary>The flow and the time.</summary>
    public override string ToString() => $"{Flow.Name}, run {RunId}";
}
