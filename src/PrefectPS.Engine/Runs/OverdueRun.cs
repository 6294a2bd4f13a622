using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>Detects runs that should be continued and are not, from their record alone.</summary>
public static class OverdueRun
{
    /// <summary>Reason why a run is overdue; null if it has ended, waits for outside help, or is in progress.</summary>
    /// <param name="run">The run.</param>
    /// <param name="idleFor">Minimum idle time.</param>
    /// <param name="now">The current time.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static string? ReasonOf(FlowRun run, TimeSpan idleFor, DateTimeOffset now)
    {
        if (run.IsFinished || run.StateType == StateType.Paused || now - Latest(run.UpdateTime, run.NextStartTime) < idleFor)
            return null;
        var (renewed, isHeld) = Lease.Inspect(new(run.Provider), run.Folder.Lease, now);
        var last = Latest(run.UpdateTime, renewed);
        if (isHeld || now - last < idleFor)
            return null;
        return run.NextStartTime is { } due && due > last ? $"It was due at {UtcText.Of(due)}; the last step was at {UtcText.Of(last)}." : $"Nothing has happened since {UtcText.Of(last)}: {run.Message}";
    }

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset? other) => other > one ? other.Value : one;
}
