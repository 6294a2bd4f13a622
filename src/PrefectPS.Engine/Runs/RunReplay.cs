using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>A run, or a subrun in it, that records are being applied to.</summary>
/// <param name="start">The run as it was before.</param>
/// <param name="results">Where its results are; null where they are in its states.</param>
internal sealed class RunReplay(FlowState start, ResultStore? results)
{
    private readonly State[] _states = (State[])start.States.Clone();
    private readonly HashSet<int> _changed = [];
    private readonly HashSet<int> _owned = []; // mapped tasks whose array of children is a copy
    private readonly Dictionary<(int Task, int? Child), RunReplay> _subruns = [];

    /// <summary>The flow.</summary>
    public Flow Flow => start.Flow;

    /// <summary>Where its results are; null where they are in its states.</summary>
    public ResultStore? Results => results;

    /// <summary>When it was started.</summary>
    public DateTimeOffset Started => start.Started;

    /// <summary>Forgets which tasks have changed so far.</summary>
    public void ForgetChanges() => _changed.Clear();

    /// <summary>The subrun of a task or child; null where there is none.</summary>
    public RunReplay? SubrunOf(FlowTask task, int? child)
    {
        _changed.Add(task.Index);
        if (_subruns.TryGetValue((task.Index, child), out var known))
            return known;
        return StateOf(task.Index, child)?.Subrun is { } subrun
            ? _subruns[(task.Index, child)] = new(subrun, subrun.Flow.Results ?? results)
            : null;
    }

    /// <summary>Gives a task or child another state.</summary>
    public void Set(FlowTask task, int? child, State state)
    {
        _changed.Add(task.Index);
        _subruns.Remove((task.Index, child));
        if (child is null)
        {
            foreach (var inside in _subruns.Keys.Where(key => key.Task == task.Index).ToArray())
                _subruns.Remove(inside);
            _states[task.Index] = state;
            _owned.Remove(task.Index);
        }
        else if (child < _states[task.Index].Children?.Length)
        {
            ChildrenOf(task.Index)[child.Value] = state;
        }
    }

    /// <summary>The run as the records have left it.</summary>
    /// <param name="step">How many steps it has had.</param>
    /// <param name="elsewhere">The run as someone else has it, who knows nothing of the last records: what they do not speak of is taken from there. Null for nobody.</param>
    public FlowState ToState(int step, FlowState? elsewhere = null)
    {
        foreach (var subrun in _subruns)
        {
            var (task, child) = subrun.Key;
            var state = Subruns.Changed(StateOf(task, child)!, subrun.Value.ToState(step));
            if (child is { } index)
                ChildrenOf(task)[index] = state;
            else
                _states[task] = state;
        }

        var states = (State[])_states.Clone();
        for (var task = 0; elsewhere is not null && task < states.Length; task++)
        {
            if (!_changed.Contains(task))
                states[task] = elsewhere.States[task];
        }

        return new(start.Flow, start.Run with { Step = step }, states);
    }

    private State? StateOf(int task, int? child) =>
        child is not { } index ? _states[task] : _states[task].Children is { } children && index < children.Length ? children[index] : null;

    private State[] ChildrenOf(int task)
    {
        if (_owned.Add(task))
            _states[task] = _states[task] with { Children = (State[])_states[task].Children!.Clone() };
        return _states[task].Children!;
    }
}
