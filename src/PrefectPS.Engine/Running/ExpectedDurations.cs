using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>How long the body of each task of a run may be expected to take: as its task says or, where that says nothing, as long as its longest so far.</summary>
internal sealed class ExpectedDurations
{
    private readonly State[] _states;
    private readonly StepClock _clock;
    private readonly Dictionary<int, TimeSpan?> _longest = [];

    /// <param name="states">The states of the run, by the tasks' index, as they are by now.</param>
    /// <param name="clock">The step's budget; without a time in it nothing need be known.</param>
    public ExpectedDurations(State[] states, StepClock clock)
    {
        _states = states;
        _clock = clock;
    }

    /// <summary>The duration to expect of a task; null if nothing is known, or need be.</summary>
    /// <remarks>What was only seen does not keep a step from starting its first task: one that once took longer than a step would never run again.</remarks>
    public TimeSpan? Of(FlowTask task) => _clock.IsTimed ? Find(task) : null;

    /// <summary>Takes what a body has come to.</summary>
    public void Note(FlowTask task, State outcome)
    {
        if (_clock.IsTimed)
            _longest[task.Index] = Longer(LongestOf(task.Index), outcome);
    }

    private TimeSpan? Find(FlowTask task) =>
        task.ExpectedDuration is { } expected ? expected
        : !_clock.HasStarted ? null
        : LongestOf(task.Index);

    // Attempts, loop passes and children of earlier steps count, too. It is looked at once; then outcomes are noted.
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
