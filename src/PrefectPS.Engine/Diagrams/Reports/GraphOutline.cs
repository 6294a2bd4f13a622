using System.Globalization;
using PrefectPS.Flows;

namespace PrefectPS.Diagrams.Reports;

/// <summary>
/// Reduces a flow's graph to few nodes. Up to <see cref="MaxNodes"/> tasks keep nodes of their own. In larger flows, tasks with the same neighbours are merged, then
/// chains, repeatedly; what is still too large is merged by distance from the start. Highlighted tasks are merged only with each other.
/// </summary>
internal sealed class GraphOutline
{
    /// <summary>The largest readable number of nodes.</summary>
    public const int MaxNodes = 80;

    private readonly FlowPlan _plan;
    private readonly bool[] _standsOut;
    private readonly int[] _nodeOf;
    private int _count;

    private GraphOutline(FlowPlan plan, bool[] standsOut)
    {
        _plan = plan;
        _standsOut = standsOut;
        _count = plan.Tasks.Length;
        _nodeOf = [.. Enumerable.Range(0, _count)];
    }

    /// <summary>The tasks of each node, ordered by the first task.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Nodes { get; private set; } = [];

    /// <summary>The edges between nodes, without duplicates.</summary>
    public IReadOnlyList<(int From, int To)> Edges { get; private set; } = [];

    /// <summary>Creates a flow's outline.</summary>
    public static GraphOutline Of(FlowPlan plan, bool[] standsOut)
    {
        var outline = new GraphOutline(plan, standsOut);
        while (outline._count > MaxNodes && (outline.JoinTwins() || outline.JoinRows()))
        {
        }

        if (outline._count > MaxNodes)
            outline.JoinByDistance();
        outline.Finish();
        return outline;
    }

    private bool JoinTwins()
    {
        var (upstream, downstream) = Neighbours();
        return Join(node => $"{string.Join(",", upstream[node])}>{string.Join(",", downstream[node])}");
    }

    private bool JoinRows()
    {
        var (upstream, downstream) = Neighbours();
        var standsOut = StandOut();
        var head = Enumerable.Range(0, _count).ToArray();
        foreach (var task in _plan.Order)
        {
            var node = _nodeOf[task];
            if (upstream[node].Count == 1 && upstream[node].Min is var before && downstream[before].Count == 1 && standsOut[before] == standsOut[node])
                head[node] = head[before];
        }

        return Join(node => head[node].ToString(CultureInfo.InvariantCulture));
    }

    private void JoinByDistance()
    {
        var distance = new int[_plan.Tasks.Length];
        foreach (var task in _plan.Order)
        {
            foreach (var upstream in _plan.UpstreamOf(task))
                distance[task] = Math.Max(distance[task], distance[upstream] + 1);
        }

        var band = 1 + (distance.Max() / MaxNodes);
        for (var task = 0; task < distance.Length; task++)
            _nodeOf[task] = distance[task] / band;
        _count = _nodeOf.Max() + 1;
    }

    // Merges nodes with equal keys; returns whether there were any.
    private bool Join(Func<int, string> keyOf)
    {
        var standsOut = StandOut();
        var joined = new Dictionary<string, int>(StringComparer.Ordinal);
        var becomes = new int[_count];
        for (var node = 0; node < _count; node++)
        {
            var key = keyOf(node) + (standsOut[node] ? "!" : "");
            if (!joined.TryGetValue(key, out becomes[node]))
                joined.Add(key, becomes[node] = joined.Count);
        }

        for (var task = 0; task < _nodeOf.Length; task++)
            _nodeOf[task] = becomes[_nodeOf[task]];
        var hasJoined = joined.Count < _count;
        _count = joined.Count;
        return hasJoined;
    }

    private bool[] StandOut()
    {
        var standsOut = new bool[_count];
        for (var task = 0; task < _nodeOf.Length; task++)
            standsOut[_nodeOf[task]] |= _standsOut[task];
        return standsOut;
    }

    private (SortedSet<int>[] Upstream, SortedSet<int>[] Downstream) Neighbours()
    {
        var upstream = Array.ConvertAll(new int[_count], _ => new SortedSet<int>());
        var downstream = Array.ConvertAll(new int[_count], _ => new SortedSet<int>());
        foreach (var (from, to) in AllEdges())
        {
            upstream[to].Add(from);
            downstream[from].Add(to);
        }

        return (upstream, downstream);
    }

    private IEnumerable<(int From, int To)> AllEdges()
    {
        foreach (var task in _plan.Order)
        {
            foreach (var upstream in _plan.UpstreamOf(task).ToArray())
            {
                if (_nodeOf[upstream] != _nodeOf[task])
                    yield return (_nodeOf[upstream], _nodeOf[task]);
            }
        }
    }

    private void Finish()
    {
        var nodes = Array.ConvertAll(new int[_count], _ => new List<int>());
        for (var task = 0; task < _nodeOf.Length; task++)
            nodes[_nodeOf[task]].Add(task);
        Nodes = nodes;
        Edges = [.. AllEdges().Distinct()];
    }
}
