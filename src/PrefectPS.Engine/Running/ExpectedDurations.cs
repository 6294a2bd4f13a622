using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>How long the body of each task of a run may be expected to take: as its task says or, where that says nothing, as long as its longest so far.</summary>
internal sealed class ExpectedDurations
{
    private readonly State[] _states;
    private readonly StepClock _clock;
    private Dictionary<int, TimeSpan>? _longest;

    /// <param name="states">The states of the run, by the tasks' index, as they are by now.</param>
    /// <param name="clock">The step's budget; without a time in it nothing need be known.</param>
    public ExpectedDurations(State[] states, StepClock clock)
    {
        _states = states;
        _clock = clock;
    }

    /// <summary>The duration to expect of a task; null where nothing is known, or need be.</summary>
    /// <remarks>What was only seen does not keep a step from starting its first task: one that once took longer than a step would never run again.</remarks>
    public TimeSpan? Of(FlowTask task) => _clock.IsTimed ? Find(task) : null;

    /// <summary>Takes what a body has come to.</summary>
    public void Note(FlowTask task, State outcome)
    {
        if (_longest is not null)
            Take(_longest, task.Index, outcome);
    }

    private TimeSpan? Find(FlowTask task) =>
        task.ExpectedDuration is { } expected ? expected
        : !_clock.HasStarted ? null
        : (_longest ??= LongestOfAll()).TryGetValue(task.Index, out var longest) ? longest
        : null;

    // Attempts, loop passes and children of earlier steps count, too.
    private Dictionary<int, TimeSpan> LongestOfAll()
    {
        var longest = new Dictionary<int, TimeSpan>();
        for (var task = 0; task < _states.Length; task++)
        {
            Take(longest, task, _states[task]);
            foreach (var child in _states[task].Children ?? [])
                Take(longest, task, child);
        }

        return longest;
    }

    private static void Take(Dictionary<int, TimeSpan> longest, int task, State state)
    {
        if (state.Ended - state.Started is { } duration && !(longest.TryGetValue(task, out var other) && other >= duration))
            longest[task] = duration;
    }
}
