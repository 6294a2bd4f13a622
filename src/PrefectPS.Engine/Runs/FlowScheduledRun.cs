using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>A time of a flow's schedule, with its run where there is one. Immutable.</summary>
public sealed class FlowScheduledRun
{
    /// <summary>Creates the entry of a time.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="time">The time; UTC.</param>
    /// <param name="run">Its run; null where there is none.</param>
    public FlowScheduledRun(Flow flow, DateTimeOffset time, FlowRun? run)
    {
        Flow = flow;
        ScheduledStartTime = time;
        RunId = ScheduledTime.IdOf(time);
        State = run?.State;
    }

    /// <summary>The flow.</summary>
    public Flow Flow { get; }

    /// <summary>The time; UTC.</summary>
    public DateTimeOffset ScheduledStartTime { get; }

    /// <summary>The id of the time's run, whether there is one or not.</summary>
    public string RunId { get; }

    /// <summary>The state of that run, as it was when it was looked for; null where there was none.</summary>
    public string? State { get; }

    /// <summary>The flow and the time.</summary>
    public override string ToString() => $"{Flow.Name}, run {RunId}";
}
