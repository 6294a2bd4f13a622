using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Expected durations of task bodies: the declared ones, else the longest observed so far.</summary>
internal sealed class ExpectedDurations
{
    private readonly State[] _states;
    private readonly StepClock _clock;
    private readonly Dictionary<int, TimeSpan?> _longest = [];

    /// <param name="states">Current states by task index.</param>
    /// <param name="clock">The step's budget; without a time limit nothing is tracked.</param>
    public ExpectedDurations(State[] states, StepClock clock)
    {
        _states = states;
        _clock = clock;
    }

    /// <summary>Expected duration of a task; null if unknown or not needed.</summary>
    /// <remarks>An observed duration does not prevent the first task of a step: one that once took longer than a step would never run again.</remarks>
    public TimeSpan? Of(FlowTask task) => _clock.IsTimed ? Find(task) : null;

    /// <summary>Records the duration of an outcome.</summary>
    public void Note(FlowTask task, State outcome)
    {
        if (_clock.IsTimed)
            _longest[task.Index] = Longer(LongestOf(task.Index), outcome);
    }

    private TimeSpan? Find(FlowTask task) =>
        task.ExpectedDuration is { } expected ? expected
        : !_clock.HasStarted ? null
        : LongestOf(task.Index);

    // Attempts, loop passes and children of earlier steps count too. The states are scanned once; later outcomes are recorded.
    private TimeSpan? LongestOf(int task)
    {
        if (_longest.TryGetValue(task, out var known))
            return known;
        var longest = Longer(null, _states[task]);
        foreach (var child in _states[task].Children ?? [])
            longest = Longer(longest, child);
        return _longest[task] = longest;
    }

    private static TimeSpan? Longer(TimeSpan? longest, State state) =>
        state.Ended - state.Started is { } duration && !(longest >= duration) ? duration : longest;
}
