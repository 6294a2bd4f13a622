namespace PrefectPS.Flows;

/// <summary>A compiled flow: dependencies as flat arrays and one execution order. Immutable; tasks are addressed by index.</summary>
public sealed class FlowPlan
{
    private readonly int[] _upstream;
    private readonly int[] _upstreamStart;
    private readonly Lazy<FlowFingerprint> _fingerprint;
    private readonly Lazy<int[][]> _downstream;
    private readonly Lazy<bool> _runsOffThread;
    private readonly Lazy<bool> _mayUndo;
    private readonly Lazy<HashSet<string>> _tags;
    private readonly Lazy<int[]?> _positions; // null if tasks run in definition order
    private readonly Lazy<FlowTask[]> _subflows;
    private readonly Lazy<int[][]> _byElement; // per mapped task, the upstream tasks it takes only elements from

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
        _runsOffThread = new(() => Array.Exists(Tasks, task => task.RunsOffThread || task.Subflow?.Plan.RunsOffThread == true));
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

    /// <summary>Execution order: topological; among ready tasks, the one defined first.</summary>
    internal int[] Order { get; }

    /// <summary>Per task, the upstream tasks of its <see cref="FlowTask.InputFrom"/>, in that order.</summary>
    internal int[][] Inputs { get; }

    /// <summary>Per task, whether it is a reference task: one that decides whether the run failed.</summary>
    internal bool[] IsReference { get; }

    /// <summary>True if a task, nested flows included, always runs off the step's thread.</summary>
    public bool RunsOffThread => _runsOffThread.Value;

    /// <summary>True if a task, nested flows included, can be undone; always true for an outline.</summary>
    internal bool MayUndo => _mayUndo.Value;

    /// <summary>True if a task, nested flows included, has this tag.</summary>
    internal bool HasTag(string tag) => _tags.Value.Contains(tag);

    /// <summary>Content hash of the flow: <c>sha256:…</c>.</summary>
    public string Fingerprint => _fingerprint.Value.Text;

    /// <summary>Content hashes of the tasks: <see cref="FlowFingerprint.TaskHashSize"/> bytes each, in definition order.</summary>
    internal byte[] TaskHashes => _fingerprint.Value.TaskHashes;

    /// <summary>The tasks whose body is a flow.</summary>
    internal FlowTask[] Subflows => _subflows.Value;

    /// <summary>Position of a task in <see cref="Order"/>.</summary>
    internal int PositionOf(int task) => _positions.Value is { } positions ? positions[task] : task;

    /// <summary>Direct downstream tasks of a task.</summary>
    internal int[] DownstreamOf(int task) => _downstream.Value[task];

    /// <summary>True if a mapped task waits for an upstream task child by child: it takes only elements from it.</summary>
    internal bool WaitsByChild(int task, int upstream) => !Tasks[task].Flatten && TakesElements(task, upstream);

    /// <summary>
    /// True if a mapped task takes only elements from an upstream task, one per child. Not with a goal: which elements count is known only once the
    /// upstream task has finished.
    /// </summary>
    internal bool TakesElements(int task, int upstream) => Tasks[task].IsMapped && Tasks[upstream].Goal is null && Array.IndexOf(_byElement.Value[task], upstream) >= 0;

    /// <summary>Marks all transitive downstream tasks of the chosen ones.</summary>
    internal void MarkDownstream(Func<FlowTask, bool> isChosen, bool[] downstream)
    {
        foreach (var task in Order)
        {
            foreach (var upstream in UpstreamOf(task))
                downstream[task] |= downstream[upstream] || isChosen(Tasks[upstream]);
        }
    }

    /// <summary>Direct upstream tasks of a task.</summary>
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
