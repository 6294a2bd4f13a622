using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Running;

/// <summary>Tracks the budget of a step: the time, what remains, and whether another task may start.</summary>
internal sealed class StepClock : IStepTime, IDisposable
{
    private readonly FlowServices _services;
    private readonly bool _waits;
    private readonly DateTimeOffset? _stepEnd;
    private readonly DateTimeOffset? _runEnd;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1); // system waits are limited to 24 days
    private int _tasksLeft;
    private bool _hasPutOff;
    private bool _isEnding;
    private readonly DateTimeOffset? _deadline;
    private StepEnd? _end;
    private StepEnd? _undoEnd;
    private bool _isUndoing;

    /// <param name="budget">The step's budget.</param>
    /// <param name="services">The time.</param>
    /// <param name="cancellationToken">Stops the step from outside.</param>
    /// <param name="runEnd">Deadline of the run; null if none.</param>
    public StepClock(StepBudget budget, FlowServices services, CancellationToken cancellationToken, DateTimeOffset? runEnd = null)
    {
        _services = services;
        _waits = budget.Wait;
        _stepEnd = budget.EndAfter(Now);
        _runEnd = runEnd;
        _deadline = _runEnd < _stepEnd ? _runEnd : _stepEnd ?? _runEnd;
        HasLimit = _stepEnd is not null || budget.MaxTasks is not null;
        _tasksLeft = budget.MaxTasks ?? int.MaxValue;
        CancellationToken = cancellationToken;
    }

    /// <summary>Stops the step from outside.</summary>
    public CancellationToken CancellationToken { get; private set; }

    /// <summary>Cancelled when the step is stopped or its time is over. Created on first use: only on the step's own thread.</summary>
    public CancellationToken End =>
        Deadline is not { } deadline ? CancellationToken
        : (_isUndoing ? _undoEnd ??= NewEnd(deadline) : _end ??= NewEnd(deadline)).Token;

    /// <summary>Deadline by the step's budget or the run's timeout; null for no limit. Undo is limited by the step's alone.</summary>
    public DateTimeOffset? Deadline => _isUndoing ? _stepEnd : _deadline;

    /// <summary>True if the step may end before the run, which then continues from a document.</summary>
    public bool HasLimit { get; }

    /// <summary>True if the step has a deadline, after which another step continues.</summary>
    public bool IsTimed => _stepEnd is not null;

    /// <summary>True if the run's timeout has expired.</summary>
    public bool IsRunOver => _runEnd <= Now;

    /// <summary>True if this step has started a body.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>True if the budget is used up: no further task starts.</summary>
    public bool IsUsedUp { get; private set; }

    /// <summary>True if the budget prevented or stopped any task.</summary>
    public bool LimitedAnyTask => IsUsedUp || _hasPutOff;

    public DateTimeOffset Now => _services.Clock.GetUtcNow();

    public double Chance => _services.Chance();

    public TimeSpan? RemainingTime => Deadline is not { } deadline ? null
        : deadline - Now is var left && left > TimeSpan.Zero ? left
        : TimeSpan.Zero;

    /// <summary>Waits until a time, if the step waits at all and has enough time left.</summary>
    /// <param name="time">The time.</param>
    /// <param name="halt">Cancelled when waiting is pointless.</param>
    /// <returns>True if the time has come.</returns>
    /// <exception cref="StepStoppedException">The step was stopped.</exception>
    public bool TryWaitUntil(DateTimeOffset time, CancellationToken halt)
    {
        if (!WaitsFor(time))
            return time <= Now;
        var until = !_isUndoing && _runEnd < time ? _runEnd.Value : time;
        using var end = halt.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(halt, CancellationToken) : null;
        for (var left = until - Now; left > TimeSpan.Zero; left = until - Now)
        {
            _services.Sleep(left < LongestSleep ? left : LongestSleep, end?.Token ?? CancellationToken);
            if (CancellationToken.IsCancellationRequested)
                throw new StepStoppedException();
            if (halt.IsCancellationRequested)
                return false;
        }

        return time <= Now;
    }

    /// <summary>True if the step would wait for a time: it waits at all, and has time and a task left then.</summary>
    public bool WaitsFor(DateTimeOffset time) => _waits && _tasksLeft > 0 && !(time >= _stepEnd);

    /// <summary>How the budget limits one more task of the expected duration.</summary>
    public BudgetLimit LimitOf(TimeSpan? expected) => IsUsedUp || _tasksLeft == 0 ? BudgetLimit.UsedUp : TimeLimitOf(expected);

    /// <summary>How the remaining time limits one more task, ignoring the number of tasks.</summary>
    public BudgetLimit TimeLimitOf(TimeSpan? expected) =>
        _isEnding ? BudgetLimit.UsedUp
        : RemainingTime is not { } left ? BudgetLimit.None
        : left == TimeSpan.Zero ? BudgetLimit.UsedUp
        : expected is not null && _stepEnd - Now < expected ? BudgetLimit.TooShort
        : BudgetLimit.None;

    /// <summary>How the budget limits one more undo; the run's timeout does not apply.</summary>
    public BudgetLimit LimitOfUndo() => _isEnding || _tasksLeft == 0 || _stepEnd <= Now ? BudgetLimit.UsedUp : BudgetLimit.None;

    /// <summary>Begins or ends undoing, during which the run's timeout does not apply.</summary>
    public void Undoing(bool begins) => _isUndoing = begins;

    /// <summary>Charges one undo to the budget.</summary>
    public void StartUndo()
    {
        HasStarted = true;
        if (_tasksLeft != int.MaxValue)
            _tasksLeft--;
    }

    /// <summary>Notes that a task was postponed because of the budget.</summary>
    public void Note(BudgetLimit limit)
    {
        IsUsedUp |= limit == BudgetLimit.UsedUp;
        _hasPutOff |= limit == BudgetLimit.TooShort;
    }

    /// <summary>Charges one task to the budget. A subflow is charged by its tasks; a rerun for a lost result is free.</summary>
    public void Start(TaskRun task)
    {
        if (task.IsRerun || task.Task.Subflow is not null)
            return;
        HasStarted = true;
        if (_tasksLeft != int.MaxValue)
            _tasksLeft--;
    }

    /// <summary>True if an exception means that the step is being stopped or, if it is only planned, that the answer is not known: it must not affect the task.</summary>
    public bool IsStop(Exception e) => e is StepStoppedException or NotKnownYetException || (e is OperationCanceledException && CancellationToken.IsCancellationRequested);

    /// <summary>True if an exception means that a body on the step's own thread ended because the step's time was over.</summary>
    public bool IsEndOfTime(Exception e) => (_isUndoing ? _undoEnd : _end)?.Token.IsCancellationRequested == true && !CancellationToken.IsCancellationRequested && SaysCancelled(e);

    /// <summary>Marks the budget as used up.</summary>
    public void UseUp() => IsUsedUp = true;

    /// <summary>Ends the step early: nothing starts any more, not even free reruns.</summary>
    public void EndStep() => IsUsedUp = _isEnding = true;

    /// <summary>Ignores the stop signal while the results of a stopped step are recorded.</summary>
    public void IgnoreStop() => CancellationToken = CancellationToken.None;

    public void Dispose()
    {
        _end?.Dispose();
        _undoEnd?.Dispose();
    }

    private StepEnd NewEnd(DateTimeOffset deadline) => new(_services.Clock, deadline, CancellationToken);

    private static bool SaysCancelled(Exception? e) =>
        e is OperationCanceledException || (e is not null && SaysCancelled(e.InnerException)) || (e is TaskFailedException failed && SaysCancelled(failed.Error.Exception));
}
