using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>One step's view of its budget: the time, what is left of it, and whether one more task may start.</summary>
internal sealed class StepClock
{
    private readonly FlowServices _services;
    private readonly bool _waits;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1); // the system's own waits end at 24 days
    private int _tasksLeft;

    public StepClock(StepBudget budget, FlowServices services, CancellationToken cancellationToken)
    {
        _services = services;
        _waits = budget.Wait;
        Deadline = Now + budget.Time is { } end && !(end > budget.Deadline) ? end : budget.Deadline;
        _tasksLeft = budget.MaxTasks ?? int.MaxValue;
        CancellationToken = cancellationToken;
    }

    public CancellationToken CancellationToken { get; }

    /// <summary>When the step ends; null for any time.</summary>
    public DateTimeOffset? Deadline { get; }

    public DateTimeOffset Now => _services.Clock.GetUtcNow();

    public double Chance => _services.Chance();

    public TimeSpan? RemainingTime => Deadline is not { } deadline ? null
        : deadline - Now is var left && left > TimeSpan.Zero ? left
        : TimeSpan.Zero;

    /// <summary>Waits until a time, where the step waits at all and has so much time left.</summary>
    /// <returns>Whether the time has come.</returns>
    /// <exception cref="StepStoppedException">The step was stopped meanwhile.</exception>
    public bool TryWaitUntil(DateTimeOffset time)
    {
        if (!WaitsFor(time))
            return time <= Now;
        for (var left = time - Now; left > TimeSpan.Zero; left = time - Now)
        {
            _services.Sleep(left < LongestSleep ? left : LongestSleep, CancellationToken);
            if (CancellationToken.IsCancellationRequested)
                throw new StepStoppedException();
        }

        return true;
    }

    /// <summary>Whether the step would wait for a time: it waits at all, and has so much time left.</summary>
    public bool WaitsFor(DateTimeOffset time) => _waits && !(time >= Deadline);

    /// <summary>Takes one task out of the budget, where what is left of it holds one more.</summary>
    public bool TryStart(FlowTask task)
    {
        if (_tasksLeft == 0)
            return false;
        if (RemainingTime is { } left && (left == TimeSpan.Zero || left < task.ExpectedDuration))
            return false;
        if (_tasksLeft != int.MaxValue)
            _tasksLeft--;
        return true;
    }
}
