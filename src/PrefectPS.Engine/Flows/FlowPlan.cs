namespace PrefectPS.Flows;

/// <summary>A flow compiled: who waits for whom in flat arrays, and one order to run in. Immutable; tasks go by their index.</summary>
public sealed class FlowPlan
{
    private readonly int[] _upstream;
    private readonly int[] _upstreamStart;
    private readonly Lazy<FlowFingerprint> _fingerprint;
    private readonly Lazy<int[][]> _downstream;
    private readonly Lazy<bool> _runsBeside;
    private readonly Lazy<bool> _mayUndo;
    private readonly Lazy<HashSet<string>> _tags;
    private readonly Lazy<int[]?> _positions; // null where definition order is the order
    private readonly Lazy<FlowTask[]> _subflows;
    private readonly Lazy<int[][]> _byElement; // for each mapped task those of which it takes elements only

    internal FlowPlan(Flow flow, FlowTask[] tasks, int[] order, int[] upstream, int[] upstreamStart, int[][] inputs, bool[] isReference)
    {
        Flow = flow;
        Tasks = tasks;
        Order = order;
        Inputs = inputs;
        _upstream = upstream;
        _upstreamStart = upstreamStart;
        IsReference = isReference;
        _fingerprint = new(() => FlowFingerprint.Of(flow, this));
        _downstream = new(FindDownstream);
        _runsBeside = new(() => Array.Exists(Tasks, task => task.RunsBeside || task.Subflow?.Plan.RunsBeside == true));
        _mayUndo = new(() => flow.IsOutline || Array.Exists(Tasks, task => task.UndoBody is not null || task.Subflow?.Plan.MayUndo == true));
        _tags = new(() => new(Tasks.SelectMany(task => task.Tags.Concat(task.Subflow?.Plan._tags.Value ?? [])), StringComparer.OrdinalIgnoreCase));
        _positions = new(FindPositions);
        _subflows = new(() => Array.FindAll(Tasks, task => task.Subflow is not null));
        _byElement = new(() => Array.ConvertAll(Tasks, FindByElement));
    }

    /// <summary>The flow.</summary>
    internal Flow Flow { get; }

    /// <summary>The tasks, in definition order.</summary>
    public FlowTask[] Tasks { get; }

    /// <summary>The order to run in: a task after its upstream tasks and, among those that could be next, the one defined first.</summary>
    internal int[] Order { get; }

    /// <summary>For each task the upstream tasks of its <see cref="FlowTask.InputFrom"/>, in that order.</summary>
    internal int[][] Inputs { get; }

    /// <summary>Whether the task is one of those that decide whether a run failed.</summary>
    internal bool[] IsReference { get; }

    /// <summary>Whether one of its tasks, or of those of flows inside it, runs beside the step's thread whatever the throttle.</summary>
    public bool RunsBeside => _runsBeside.Value;

    /// <summary>Whether one of its tasks, or of those of flows inside it, can be undone; of an outline that is not known.</summary>
    internal bool MayUndo => _mayUndo.Value;

    /// <summary>Whether one of its tasks, or of those of flows inside it, has a tag.</summary>
    internal bool HasTag(string tag) => _tags.Value.Contains(tag);

    /// <summary><c>sha256:…</c> over everything that makes the flow what it is.</summary>
    public string Fingerprint => _fingerprint.Value.Text;

    /// <summary>What tells a task from a later version of it: <see cref="FlowFingerprint.TaskHashSize"/> bytes for each, in definition order.</summary>
    internal byte[] TaskHashes => _fingerprint.Value.TaskHashes;

    /// <summary>The tasks that are flows.</summary>
    internal FlowTask[] Subflows => _subflows.Value;

    /// <summary>Where in <see cref="Order"/> a task is.</summary>
    internal int PositionOf(int task) => _positions.Value is { } positions ? positions[task] : task;

    /// <summary>The tasks that wait for a task.</summary>
    internal int[] DownstreamOf(int task) => _downstream.Value[task];

    /// <summary>Whether a task waits for an upstream task child by child: all it takes from it are elements.</summary>
    internal bool WaitsByChild(int task, int upstream) => !Tasks[task].Flatten && TakesElements(task, upstream);

    /// <summary>
    /// Whether all that a task takes from an upstream task are elements, one for each child. What a task with a goal has made is known once it is over: those that have succeeded.
    /// </summary>
    internal bool TakesElements(int task, int upstream) => Tasks[task].IsMapped && Tasks[upstream].Goal is null && Array.IndexOf(_byElement.Value[task], upstream) >= 0;

    /// <summary>Marks all tasks that come after one of those chosen.</summary>
    internal void MarkDownstream(Func<FlowTask, bool> isChosen, bool[] downstream)
    {
        foreach (var task in Order)
        {
            foreach (var upstream in UpstreamOf(task))
                downstream[task] |= downstream[upstream] || isChosen(Tasks[upstream]);
        }
    }

    /// <summary>The upstream tasks of a task.</summary>
    internal ReadOnlySpan<int> UpstreamOf(int task) => _upstream.AsSpan(_upstreamStart[task], _upstreamStart[task + 1] - _upstreamStart[task]);

    private int[]? FindPositions()
    {
        var positions = new int[Order.Length];
        var isInOrder = true;
        for (var i = 0; i < Order.Length; i++)
        {
            positions[Order[i]] = i;
            isInOrder &= Order[i] == i;
        }

        return isInOrder ? null : positions;
    }

    private int[] FindByElement(FlowTask task)
    {
        if (!task.IsMapped)
            return [];
        var inputs = Inputs[task.Index];
        return [.. inputs.Take(task.MapCount).Except(inputs.Skip(task.MapCount)).Except(task.After.Select(name => task.Flow.Find(name)!.Index))];
    }

    private int[][] FindDownstream()
    {
        var downstream = Array.ConvertAll(Tasks, _ => new List<int>());
        foreach (var task in Order)
        {
            foreach (var upstream in UpstreamOf(task))
                downstream[upstream].Add(task);
        }

        return Array.ConvertAll(downstream, tasks => tasks.ToArray());
    }
}
