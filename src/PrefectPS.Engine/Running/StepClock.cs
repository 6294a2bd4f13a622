using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>One step's view of its budget: the time, what is left of it, and whether one more task may start.</summary>
internal sealed class StepClock
{
    private readonly TimeProvider _time;
    private readonly DateTimeOffset? _deadline;
    private int _tasksLeft;

    public StepClock(StepBudget budget, TimeProvider time, CancellationToken cancellationToken)
    {
        _time = time;
        _deadline = budget.Time is { } limit ? time.GetUtcNow() + limit : null;
        _tasksLeft = budget.MaxTasks ?? int.MaxValue;
        CancellationToken = cancellationToken;
    }

    public CancellationToken CancellationToken { get; }

    public DateTimeOffset Now => _time.GetUtcNow();

    public TimeSpan? RemainingTime => _deadline is not { } deadline ? null
        : deadline - Now is var left && left > TimeSpan.Zero ? left
        : TimeSpan.Zero;

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
