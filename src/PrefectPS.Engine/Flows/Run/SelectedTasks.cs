namespace PrefectPS.Flows;

/// <summary>A <see cref="RunSelection"/> resolved against a flow. Immutable.</summary>
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

    /// <summary>The flow's plan.</summary>
    internal FlowPlan Plan { get; }

    /// <summary>Selected tasks that the flow does not have.</summary>
    internal IReadOnlyList<TaskPath> Missing { get; }

    /// <summary>Number of selected tasks.</summary>
    public int Count { get; }

    /// <summary>True if a task is selected.</summary>
    public bool Has(int task) => _has[task];

    /// <summary>True if the task decides whether the run failed.</summary>
    internal bool Decides(int task) => _decides[task];

    /// <summary>Selection inside the task's subflow; null if all of it is selected, or the task has none.</summary>
    public RunSelection? PartOf(int task) => _parts[task];

    /// <summary>True if this selection contains all tasks of another selection of the same flow.</summary>
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

    // A task in a subflow needs everything upstream of the task around it. The subflow runs as a whole only if another task needs its result.
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

    // Starting from a task in a subflow selects the whole subflow: downstream tasks take its result.
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

    // The flow's reference tasks and the chosen tasks decide; without declared reference tasks, the terminal ones of the selection.
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
