namespace PrefectPS.Flows;

/// <summary>What a <see cref="RunSelection"/> comes to in a flow. Immutable.</summary>
public sealed class SelectedTasks
{
    private readonly bool[] _has;
    private readonly bool[] _decides;
    private readonly RunSelection?[] _parts;

    internal SelectedTasks(FlowPlan plan, RunSelection selection)
    {
        Plan = plan;
        _parts = new RunSelection?[plan.Tasks.Length];
        var missing = new List<TaskPath>();
        _has = selection.Tasks is { } tasks ? WithNeeded(tasks, missing) : [.. plan.Tasks.Select(_ => true)];
        if (selection.From is { } from)
        {
            var downstream = WithDownstream(from, missing);
            for (var task = 0; task < _has.Length; task++)
                _has[task] &= downstream[task];
        }

        Missing = missing;
        Count = _has.Count(has => has);
        _decides = FindDeciding(selection);
    }

    /// <summary>The plan of the flow.</summary>
    internal FlowPlan Plan { get; }

    /// <summary>The tasks that the selection names and the flow does not have.</summary>
    internal IReadOnlyList<TaskPath> Missing { get; }

    /// <summary>How many tasks of the flow are selected.</summary>
    public int Count { get; }

    /// <summary>Whether a task is selected.</summary>
    public bool Has(int task) => _has[task];

    /// <summary>Whether a task is one of those that decide whether the run failed.</summary>
    internal bool Decides(int task) => _decides[task];

    /// <summary>What of a task's subflow is selected; null where that is all of it, or the task has none.</summary>
    public RunSelection? PartOf(int task) => _parts[task];

    /// <summary>Whether another selection, of the same flow, has no task that is not in this one.</summary>
    internal bool Includes(SelectedTasks other)
    {
        for (var task = 0; task < _has.Length; task++)
        {
            if (!other._has[task])
                continue;
            if (!_has[task])
                return false;
            if (_parts[task] is { } part && Plan.Tasks[task].Subflow is { } subflow
                && (other._parts[task] is not { } its || !part.In(subflow.Plan).Includes(its.In(subflow.Plan))))
            {
                return false;
            }
        }

        return true;
    }

    // A task in a subflow needs what the task around it waits for. That is run as a whole only where another task needs its result.
    private bool[] WithNeeded(IReadOnlyList<TaskPath> tasks, List<TaskPath> missing)
    {
        var has = new bool[Plan.Tasks.Length];
        var whole = new bool[Plan.Tasks.Length];
        var inside = new List<TaskPath>?[Plan.Tasks.Length];
        foreach (var path in tasks)
        {
            if (Find(path) is not { } task)
            {
                missing.Add(path);
                continue;
            }

            has[task.Index] = true;
            if (path.Inside is { } inner)
                (inside[task.Index] ??= []).Add(inner);
            else
                whole[task.Index] = true;
        }

        for (var i = Plan.Order.Length - 1; i >= 0; i--)
        {
            var task = Plan.Order[i];
            if (!has[task])
                continue;
            foreach (var upstream in Plan.UpstreamOf(task))
                has[upstream] = whole[upstream] = true;
            if (!whole[task] && inside[task] is { } paths)
                _parts[task] = new(paths, from: null);
        }

        return has;
    }

    // From a task in a subflow on, the subflow goes on as a whole: what comes after it takes its result.
    private bool[] WithDownstream(IReadOnlyList<TaskPath> from, List<TaskPath> missing)
    {
        var has = new bool[Plan.Tasks.Length];
        foreach (var path in from)
        {
            if (Find(path) is { } task)
                has[task.Index] = true;
            else
                missing.Add(path);
        }

        foreach (var task in Plan.Order)
        {
            foreach (var upstream in Plan.UpstreamOf(task))
                has[task] |= has[upstream];
        }

        return has;
    }

    private FlowTask? Find(TaskPath path) =>
        Plan.Flow.Find(path.First) is { } task && (path.Inside is not { } inner || IsIn(task.Subflow, inner)) ? task : null;

    private static bool IsIn(Flow? flow, TaskPath path) =>
        flow?.Find(path.First) is { } task && (path.Inside is not { } inner || IsIn(task.Subflow, inner));

    // The flow's reference tasks count as in a whole run, and what was asked for counts, too. Unless a flow names them, they are those that nothing comes after.
    private bool[] FindDeciding(RunSelection selection)
    {
        var last = (bool[])_has.Clone();
        for (var task = 0; task < last.Length; task++)
        {
            foreach (var upstream in _has[task] ? Plan.UpstreamOf(task) : [])
                last[upstream] = false;
        }

        if (Plan.Flow.ReferenceTasks.Count == 0)
            return last;
        var named = new bool[last.Length];
        for (var task = 0; task < named.Length; task++)
            named[task] = (_has[task] && Plan.IsReference[task]) || (selection.Tasks is not null && last[task]);
        return Array.Exists(named, decides => decides) ? named : last;
    }
}
