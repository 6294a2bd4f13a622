using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>Tells of a run with which somebody should go on, and nobody does: by its record alone.</summary>
internal static class OverdueRun
{
    /// <summary>Why a run is overdue; null where it is not: it has ended, waits for somebody, or a step works on it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="idleFor">For how long nothing has been done.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static string? ReasonOf(FlowRun run, TimeSpan idleFor, DateTimeOffset now)
    {
        if (run.IsFinished || run.StateType == StateType.Paused || now - Latest(run.UpdateTime, run.NextStartTime) < idleFor)
            return null;
        var (renewed, isHeld) = Lease.Look(new(run.Provider), run.Folder.Lease, now);
        var last = Latest(run.UpdateTime, renewed);
        if (isHeld || now - last < idleFor)
            return null;
        return run.NextStartTime is { } due && due > last ? $"It was due at {UtcText.Of(due)}; the last step was at {UtcText.Of(last)}." : $"Nothing has happened since {UtcText.Of(last)}: {run.Message}";
    }

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset? other) => other > one ? other.Value : one;
}
