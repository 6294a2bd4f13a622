using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Tasks and children whose upstream tasks have ended and that have not been taken, in plan order.</summary>
internal sealed class ReadyTasks
{
    /// <summary>Child number of the task itself.</summary>
    public const int Self = -1;

    private readonly FlowPlan _plan;
    private readonly State[] _states;
    private readonly Func<int, bool> _isSelected;
    private readonly Action<int> _remap;
    private readonly int[] _waitsFor; // per task, how many upstream tasks it still waits for
    private readonly int[] _unfinished; // per mapped task, how many children are unfinished
    private readonly bool[] _isMapped; // per task, whether its children match its inputs
    private readonly Dictionary<string, Lane> _lanes = [];
    private readonly Lane?[] _laneOf;
    private readonly Func<FlowTask, string> _keyOf;
    private int _count;

    /// <param name="plan">The flow's plan.</param>
    /// <param name="states">States by task index.</param>
    /// <param name="unsettled">The tasks that have not ended for good, in plan order.</param>
    /// <param name="isSelected">Whether a task is selected.</param>
    /// <param name="remap">Drops the children of a mapped task if they do not match its inputs.</param>
    /// <param name="laneOf">Admission key: tasks that share it are admitted together.</param>
    public ReadyTasks(FlowPlan plan, State[] states, int[] unsettled, Func<int, bool> isSelected, Action<int> remap, Func<FlowTask, string> laneOf)
    {
        _isSelected = isSelected;
        _remap = remap;
        _plan = plan;
        _states = states;
        _waitsFor = new int[states.Length];
        _unfinished = new int[states.Length];
        _isMapped = new bool[states.Length];
        _laneOf = new Lane?[states.Length];
        _keyOf = laneOf;
        foreach (var task in unsettled)
        {
            foreach (var upstream in plan.UpstreamOf(task))
                _waitsFor[task] += Releases(upstream, task) ? 0 : 1;
            if (_waitsFor[task] > 0)
                continue;
            _remap(task);
            TakeChildren(task);
        }

        foreach (var task in unsettled)
            Offer(task);
    }

    /// <summary>True if no task is ready.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Takes the first ready task that the caller admits.</summary>
    public bool TryTake(Func<FlowTask, bool> wants, out int task, out int child)
    {
        foreach (var lane in InOrder())
        {
            var first = lane.Min;
            (task, child) = (_plan.Order[first.Position], first.Child);
            if (!wants(_plan.Tasks[task]))
                continue;
            lane.Remove(first);
            _count--;
            return true;
        }

        (task, child) = (-1, Self);
        return false;
    }

    /// <summary>Makes a taken task or child ready again.</summary>
    public void Again(int task, int child) => Add(task, child);

    /// <summary>Removes a child that ended without being taken.</summary>
    public void LeaveOut(int task, int child)
    {
        _count -= LaneOf(task).Remove((_plan.PositionOf(task), child)) ? 1 : 0;
        ChildFinished(task, child);
    }

    /// <summary>Adds the children of a task that was mapped, and what became ready by that.</summary>
    public void Mapped(int task)
    {
        TakeChildren(task);
        Offer(task);
        foreach (var downstream in _plan.DownstreamOf(task))
        {
            if (_plan.WaitsByChild(downstream, task))
                Arrive(downstream);
        }

        if (_unfinished[task] == 0)
            Finished(task);
    }

    /// <summary>Notes the end of a task, or of the last child of a mapped one.</summary>
    public void Finished(int task)
    {
        foreach (var downstream in _plan.DownstreamOf(task))
        {
            if (_states[task].Children is null || !_plan.WaitsByChild(downstream, task))
                Arrive(downstream);
        }
    }

    /// <summary>Notes the end of a child, whose counterparts in downstream mapped tasks may be ready.</summary>
    public void ChildFinished(int task, int child)
    {
        foreach (var downstream in _plan.DownstreamOf(task))
        {
            if (_plan.WaitsByChild(downstream, task))
                OfferChild(downstream, child);
        }

        if (--_unfinished[task] == 0)
            Finished(task);
    }

    private void Arrive(int task)
    {
        if (--_waitsFor[task] > 0)
            return;
        _remap(task);
        if (_states[task] is { Children: not null, IsFinished: false })
            Mapped(task); // mapped by an earlier step
        else
            Offer(task);
    }

    private void TakeChildren(int task)
    {
        _isMapped[task] = _states[task].Children is not null;
        _unfinished[task] = _states[task].Children?.Count(child => !child.IsFinished) ?? 0;
    }

    private void Offer(int task)
    {
        if (_waitsFor[task] > 0 || !_isSelected(task))
            return;
        var state = _states[task];
        for (var i = 0; i < state.Children?.Length; i++)
            OfferChild(task, i);
        if (state.Children is null && !state.IsFinished)
            Add(task, Self);
    }

    private void OfferChild(int task, int child)
    {
        if (_waitsFor[task] > 0 || !_isSelected(task) || _states[task].Children is not { } children || child >= children.Length || children[child].IsFinished)
            return;
        for (var i = 0; i < _plan.Tasks[task].MapCount; i++)
        {
            var upstream = _plan.Inputs[task][i];
            if (_plan.WaitsByChild(task, upstream) && _states[upstream].Children is { } counterparts && !counterparts[child].IsFinished)
                return;
        }

        Add(task, child);
    }

    private void Add(int task, int child) => _count += LaneOf(task).Add((_plan.PositionOf(task), child)) ? 1 : 0;

    private bool Releases(int upstream, int task) =>
        _states[upstream].IsFinished || (_isMapped[upstream] && _plan.WaitsByChild(task, upstream));

    private Lane LaneOf(int task) => _laneOf[task] ??= LaneOf(_keyOf(_plan.Tasks[task]));

    private Lane LaneOf(string key) => _lanes.TryGetValue(key, out var lane) ? lane : _lanes[key] = [];

    private IEnumerable<Lane> InOrder()
    {
        var lanes = _lanes.Values.Where(lane => lane.Count > 0);
        return _lanes.Count > 1 ? lanes.OrderBy(lane => lane.Min) : lanes;
    }

    // Ready tasks of one admission key, in plan order.
    private sealed class Lane : SortedSet<(int Position, int Child)>;
}
