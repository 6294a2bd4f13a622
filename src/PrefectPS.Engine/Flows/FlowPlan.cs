namespace PrefectPS.Flows;

/// <summary>A flow compiled: who waits for whom in flat arrays, and one order to run in. Immutable; tasks go by their index.</summary>
internal sealed class FlowPlan
{
    private readonly int[] _upstream;
    private readonly int[] _upstreamStart;
    private readonly Lazy<string> _fingerprint;

    public FlowPlan(Flow flow, FlowTask[] tasks, int[] order, int[] upstream, int[] upstreamStart, int[][] inputs, bool[] isReference)
    {
        Tasks = tasks;
        Order = order;
        Inputs = inputs;
        _upstream = upstream;
        _upstreamStart = upstreamStart;
        IsReference = isReference;
        _fingerprint = new(() => FlowFingerprint.Of(flow, this));
    }

    /// <summary>The tasks, in definition order.</summary>
    public FlowTask[] Tasks { get; }

    /// <summary>The order to run in: a task after its upstream tasks and, among those that could be next, the one defined first.</summary>
    public int[] Order { get; }

    /// <summary>For each task the upstream tasks of its <see cref="FlowTask.InputFrom"/>, in that order.</summary>
    public int[][] Inputs { get; }

    /// <summary>Whether the task is one of those that decide whether a run failed.</summary>
    public bool[] IsReference { get; }

    /// <summary><c>sha256:…</c> over everything that makes the flow what it is.</summary>
    public string Fingerprint => _fingerprint.Value;

    /// <summary>Adds to a choice of tasks all that come after one of them.</summary>
    public void AddDownstream(bool[] chosen)
    {
        foreach (var task in Order)
        {
            foreach (var upstream in UpstreamOf(task))
                chosen[task] |= chosen[upstream];
        }
    }

    /// <summary>The upstream tasks of a task.</summary>
    public ReadOnlySpan<int> UpstreamOf(int task) => _upstream.AsSpan(_upstreamStart[task], _upstreamStart[task + 1] - _upstreamStart[task]);
}
