using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Diagrams;

/// <summary>
/// Builds the diagram of a flow or run. Follows <c>Flow.visualize</c> of Prefect 1.4.1: one node per task, <c>name &lt;map&gt;</c> for a mapped one and, in a run, one
/// for each of its children.
/// </summary>
public sealed class DiagramBuilder
{
    /// <summary>The number of children of a mapped task drawn individually.</summary>
    public const int DefaultMostChildren = 20;

    private readonly Flow _flow;
    private readonly State[]? _states;
    private readonly int _mostChildren;
    private readonly string _id;
    private readonly string _path;
    private readonly List<DiagramNode> _nodes = [];
    private readonly List<DiagramEdge> _edges = [];
    private readonly int[][] _nodesOf; // by task: its node, or those of its children
    private readonly HashSet<DiagramEdge> _drawn = [];

    private DiagramBuilder(Flow flow, State[]? states, int mostChildren, string id, string path)
    {
        _flow = flow;
        _states = states;
        _mostChildren = mostChildren;
        _id = id;
        _path = path;
        _nodesOf = new int[flow.Plan.Tasks.Length][];
    }

    /// <summary>Builds the diagram of a flow.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskNotFound"/> or <see cref="FlowErrorId.Cycle"/>.</exception>
    public static Diagram Of(Flow flow) => new DiagramBuilder(flow, null, DefaultMostChildren, "t", string.Empty).Build();

    /// <summary>Builds the diagram of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="mostChildren">The number of children up to which each is drawn; more are drawn as one node per state.</param>
    public static Diagram Of(FlowState run, int mostChildren = DefaultMostChildren) => Of(run, mostChildren, "t", string.Empty);

    private static Diagram Of(FlowState run, int mostChildren, string id, string path) =>
        new DiagramBuilder(run.Flow, run.States, mostChildren, id, path).Build() with { State = run.StateType, Message = run.Message };

    private Diagram Build()
    {
        foreach (var task in _flow.Plan.Tasks)
            _nodesOf[task.Index] = AddNodes(task, _states?[task.Index]);
        foreach (var task in _flow.Plan.Tasks)
            AddEdges(task);
        return new(_flow.Name, _nodes, _edges);
    }

    private int[] AddNodes(FlowTask task, State? state) =>
        state?.Children is not { Length: > 0 } children ? [Add(NodeOf(task, state, IdOf(task), task.Slug))]
        : children.Length <= _mostChildren ? [.. children.Select((child, i) => Add(NodeOf(task, child, $"{IdOf(task)}_{Number(i)}", ChildSlug.Of(task, i))))]
        : AddGroups(task, children);

    private int[] AddGroups(FlowTask task, State[] children)
    {
        var nodes = new Dictionary<StateType, int>();
        foreach (var group in children.GroupBy(child => child.Type).OrderBy(group => group.Key))
        {
            nodes[group.Key] = Add(new($"{IdOf(task)}_{group.Key.Name()}", $"{DiagramTexts.LabelOf(task)} ({Number(group.Count())})", _path + task.Slug, task.IsMapped)
            {
                State = group.Key,
                Message = group.Select(child => child.Message).Distinct(StringComparer.Ordinal).Take(2).ToArray() is [var only] ? only : null,
                Count = group.Count(),
            });
        }

        return [.. children.Select(child => nodes[child.Type])];
    }

    private DiagramNode NodeOf(FlowTask task, State? state, string id, string slug) => new(id, DiagramTexts.LabelOf(task), _path + slug, task.IsMapped)
    {
        State = state?.Type,
        Message = state?.ShownMessage,
        Duration = state?.Ended - state?.Started,
        RunCount = state?.RunCount ?? 1,
        Inner = task.Subflow is { Tasks.Count: > 0 } subflow ? Inside(subflow, state?.SubflowRun, $"{id}t", $"{_path}{slug}/") : null,
    };

    private Diagram Inside(Flow subflow, FlowState? subrun, string id, string path) =>
        subrun is null ? new DiagramBuilder(subflow, null, _mostChildren, id, path).Build() : Of(subrun, _mostChildren, id, path);

    private int Add(DiagramNode node)
    {
        _nodes.Add(node);
        return _nodes.Count - 1;
    }

    private void AddEdges(FlowTask task)
    {
        foreach (var name in task.After)
            Connect(_flow.Find(name)!, task, key: null, isMapped: false);
        for (var i = 0; i < task.InputFrom.Count; i++)
            Connect(_flow.Find(task.InputFrom[i].Value)!, task, task.InputFrom[i].Key, isMapped: i < task.MapCount);
    }

    // A child depends on the child with its index where each takes one element, otherwise on all.
    private void Connect(FlowTask upstream, FlowTask task, string? key, bool isMapped)
    {
        var (from, to) = (_nodesOf[upstream.Index], _nodesOf[task.Index]);
        var isChildByChild = isMapped && !task.Flatten && HasChildren(upstream) && HasChildren(task);
        for (var child = 0; child < to.Length; child++)
        {
            if (isChildByChild)
            {
                Connect(from[Math.Min(child, from.Length - 1)], to[child], key, isMapped);
                continue;
            }

            foreach (var one in from)
                Connect(one, to[child], key, isMapped);
        }
    }

    private void Connect(int from, int to, string? key, bool isMapped)
    {
        var edge = new DiagramEdge(from, to, key, isMapped);
        if (_drawn.Add(edge))
            _edges.Add(edge);
    }

    private bool HasChildren(FlowTask task) => _states?[task.Index].Children is { Length: > 0 };

    private string IdOf(FlowTask task) => _id + Number(task.Index + 1);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
