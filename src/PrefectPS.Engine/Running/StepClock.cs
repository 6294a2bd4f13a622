using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Running;

/// <summary>One step's view of its budget: the time, what is left of it, and whether one more task may start.</summary>
internal sealed class StepClock : IStepTime, IDisposable
{
    private readonly FlowServices _services;
    private readonly bool _waits;
    private readonly DateTimeOffset? _stepEnd;
    private readonly DateTimeOffset? _runEnd;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1); // the system's own waits end at 24 days
    private int _tasksLeft;
    private bool _hasPutOff;
    private bool _isEnding;
    private readonly DateTimeOffset? _deadline;
    private StepEnd? _end;
    private StepEnd? _undoEnd;
    private bool _isUndoing;

    /// <param name="budget">What the step may take.</param>
    /// <param name="services">The time.</param>
    /// <param name="cancellationToken">Stops the step from outside.</param>
    /// <param name="runEnd">When the time of the whole run is over; null if it has any.</param>
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

    /// <summary>Cancelled when the step is being stopped from outside, or its time is over. Made for the first who asks: on the step's own thread.</summary>
    public CancellationToken End =>
        Deadline is not { } deadline ? CancellationToken
        : (_isUndoing ? _undoEnd ??= NewEnd(deadline) : _end ??= NewEnd(deadline)).Token;

    /// <summary>When the step ends, by its own budget or the run's; null for no limit. What is undone has the step's alone.</summary>
    public DateTimeOffset? Deadline => _isUndoing ? _stepEnd : _deadline;

    /// <summary>True if the step may end before the run does, which then goes on from a document.</summary>
    public bool HasLimit { get; }

    /// <summary>True if the step ends at a time, and another one goes on.</summary>
    public bool IsTimed => _stepEnd is not null;

    /// <summary>True if the time of the whole run is over.</summary>
    public bool IsRunOver => _runEnd <= Now;

    /// <summary>True if a body has been started in this step.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>True if nothing is left of the budget: no further task starts.</summary>
    public bool IsUsedUp { get; private set; }

    /// <summary>True if the budget prevented or stopped any task.</summary>
    public bool LimitedAnyTask => IsUsedUp || _hasPutOff;

    public DateTimeOffset Now => _services.Clock.GetUtcNow();

    public double Chance => _services.Chance();

    public TimeSpan? RemainingTime => Deadline is not { } deadline ? null
        : deadline - Now is var left && left > TimeSpan.Zero ? left
        : TimeSpan.Zero;

    /// <summary>Waits until a time, where the step waits at all and has so much time left.</summary>
    /// <param name="time">The time.</param>
    /// <param name="halt">Cancelled where there is no use in waiting any more.</param>
    /// <returns>Whether the time has come.</returns>
    /// <exception cref="StepStoppedException">The step was stopped meanwhile.</exception>
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

    /// <summary>True if the step would wait for a time: it waits at all, and has so much time left, and a task to start then.</summary>
    public bool WaitsFor(DateTimeOffset time) => _waits && _tasksLeft > 0 && !(time >= _stepEnd);

    /// <summary>How the budget limits one more task that takes so long.</summary>
    public BudgetLimit LimitOf(TimeSpan? expected) => IsUsedUp || _tasksLeft == 0 ? BudgetLimit.UsedUp : TimeLimitOf(expected);

    /// <summary>How the time left limits one more task that takes so long; the number of tasks does not count.</summary>
    public BudgetLimit TimeLimitOf(TimeSpan? expected) =>
        _isEnding ? BudgetLimit.UsedUp
        : RemainingTime is not { } left ? BudgetLimit.None
        : left == TimeSpan.Zero ? BudgetLimit.UsedUp
        : expected is not null && _stepEnd - Now < expected ? BudgetLimit.TooShort
        : BudgetLimit.None;

    /// <summary>How the budget limits one more undo: the end of the run's own time does not.</summary>
    public BudgetLimit LimitOfUndo() => _isEnding || _tasksLeft == 0 || _stepEnd <= Now ? BudgetLimit.UsedUp : BudgetLimit.None;

    /// <summary>A run that has ended is undone from now on, or no longer: meanwhile its own time does not count.</summary>
    public void Undoing(bool begins) => _isUndoing = begins;

    /// <summary>Takes one undo out of the budget.</summary>
    public void StartUndo()
    {
        HasStarted = true;
        if (_tasksLeft != int.MaxValue)
            _tasksLeft--;
    }

    /// <summary>A task was put off because of the budget.</summary>
    public void Note(BudgetLimit limit)
    {
        IsUsedUp |= limit == BudgetLimit.UsedUp;
        _hasPutOff |= limit == BudgetLimit.TooShort;
    }

    /// <summary>Takes one task out of the budget. Of a task that is a flow, its tasks count; one that runs again for its lost result counts in no budget.</summary>
    public void Start(TaskRun task)
    {
        if (task.IsRerun || task.Task.Subflow is not null)
            return;
        HasStarted = true;
        if (_tasksLeft != int.MaxValue)
            _tasksLeft--;
    }

    /// <summary>True if an exception says that the step is being stopped or, of one that is only planned, cannot know what is asked: nothing is to be made of it.</summary>
    public bool IsStop(Exception e) => e is StepStoppedException or NotKnownYetException || (e is OperationCanceledException && CancellationToken.IsCancellationRequested);

    /// <summary>True if an exception says that a body on the step's own thread gave up, or was stopped, as the step's time was over.</summary>
    public bool IsEndOfTime(Exception e) => (_isUndoing ? _undoEnd : _end)?.Token.IsCancellationRequested == true && !CancellationToken.IsCancellationRequested && SaysCancelled(e);

    /// <summary>The step's time is over.</summary>
    public void UseUp() => IsUsedUp = true;

    /// <summary>The step comes to its end, though its time may not be over: nothing starts any more, not even what counts in no budget.</summary>
    public void EndStep() => IsUsedUp = _isEnding = true;

    /// <summary>The step has been stopped: what is still to be kept of it is not to be stopped once more.</summary>
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
