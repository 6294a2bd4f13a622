using System.Collections;
using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>
/// The states of a run as downstream tasks see them. Values that require a pass over all children or list elements are cached until the task's state
/// changes.
/// </summary>
/// <param name="plan">The flow's plan.</param>
/// <param name="states">Current states by task index.</param>
/// <param name="outer">The view of the outer run of a subflow run; null if none.</param>
internal sealed class RunStateView(FlowPlan plan, State[] states, RunStateView? outer = null)
{
    private IReadOnlyList<RunEvent> _events = [];
    private Known?[]? _known; // by task index
    private Dictionary<(int Task, int Source), IList>? _flat; // lists from constants and parameters, which never change

    public FlowPlan Plan { get; } = plan;

    /// <summary>States by task index. Do not modify.</summary>
    public State[] States { get; } = states;

    /// <summary>Pending events of the outermost run, oldest first.</summary>
    public IReadOnlyList<RunEvent> Events => outer is null ? _events : outer.Events;

    /// <summary>Replaces the pending events.</summary>
    public void Keep(IReadOnlyList<RunEvent> events) => _events = events;

    /// <summary>Invalidates the cached values of a task whose state, or a child's, changed.</summary>
    public void Changed(int task) => _known?[task] = null;

    /// <summary>Whether the state document has room for a task mapped to this many children.</summary>
    public Func<FlowTask, int, bool> HasRoomFor { get; init; } = (_, _) => true;

    /// <summary>Counts of the children of a mapped task.</summary>
    public UpstreamSummary SummaryOfChildren(int task) =>
        Of(task).Summary ??= States[task].Goal is null ? UpstreamSummary.OfAll(States[task].Children!) : UpstreamSummary.OfGoal(States[task]);

    /// <summary>True if a task or child needs an upstream result that was secret and is lost.</summary>
    public bool IsLost(int task, int? mapIndex, int upstream) =>
        States[upstream].Children is not { } children ? States[upstream].IsResultLost
        : mapIndex is { } child && Plan.WaitsByChild(task, upstream) ? children[child].IsResultLost
        : Of(upstream).IsLost ??= States[upstream].IsResultLost;

    /// <summary>True if a task or child needs an upstream result that the document did not contain.</summary>
    public bool IsUnknown(int task, int? mapIndex, int upstream) =>
        States[upstream].Children is not { } children ? States[upstream].IsResultUnknown
        : mapIndex is { } child && Plan.WaitsByChild(task, upstream) ? children[child].IsResultUnknown
        : Of(upstream).IsUnknown ??= Array.Exists(children, child => child.IsResultUnknown);

    /// <summary>Result of a task; for a mapped task one array, shared by all children that take it.</summary>
    public object? ResultForChildren(int task) =>
        States[task].Children is null ? States[task].ReadResult() : Of(task).Results ??= States[task].ReadResult();

    /// <summary>The element of an upstream result that a child takes; null if there is none.</summary>
    public object? ElementAt(int task, int child, bool flatten) =>
        CountedOf(task) is { } children && !flatten ? child < children.Length ? children[child].ReadResult() : null
        : ElementsOf(task, flatten) is { } elements && child < elements.Count ? elements[child]
        : null;

    /// <summary>The elements of a task's result to map over; null if it is not a list.</summary>
    public IList? ElementsOf(int task, bool flatten) => flatten ? Of(task).Flat ??= FindElements(task, flatten) : FindElements(task, flatten);

    /// <summary>The elements of a constant or parameter to map over; null if it is not a list.</summary>
    public IList? ElementsOf(FlowTask task, int source, RunIdentity run)
    {
        if (!task.Flatten)
            return MapSource.ListOf(task.MapSources[source].In(run));
        if (_flat?.TryGetValue((task.Index, source), out var known) == true)
            return known;
        return MapSource.ListOf(task.MapSources[source].In(run)) is { } list ? (_flat ??= [])[(task.Index, source)] = FlatList.Of(list) : null;
    }

    /// <summary>The element of a constant or parameter that a child takes; null if there is none.</summary>
    public object? ElementOf(FlowTask task, int source, int child, RunIdentity run) =>
        ElementsOf(task, source, run) is { } elements && child < elements.Count ? elements[child] : null;

    /// <summary>The child of a mapped task whose flattened result contains a child's element; null if unknown.</summary>
    public int? OriginOf(int task, int child)
    {
        try
        {
            return (ElementsOf(task, flatten: true) as FlatList)?.OriginOf(child);
        }
        catch (FlowException)
        {
            return null; // the result cannot be read; the child that takes it will fail with this error
        }
    }

    // An unknown result is not a list.
    private IList? FindElements(int task, bool flatten)
    {
        var upstream = States[task];
        if (upstream.Children is null && upstream.LacksResult)
            return null;
        var elements = CountedOf(task) ?? MapSource.ListOf(upstream.ReadResult());
        return flatten && elements is not null ? FlatList.Of(elements) : elements;
    }

    /// <summary>The children of a mapped task that downstream tasks map over; null if it has none.</summary>
    public State[]? CountedOf(int task) =>
        States[task] is { Goal: not null, Children: not null } ? Of(task).Counted ??= States[task].CountedChildren : States[task].Children;

    private Known Of(int task) => (_known ??= new Known?[States.Length])[task] ??= new();

    private sealed class Known
    {
        public UpstreamSummary? Summary { get; set; }

        public bool? IsLost { get; set; }

        public bool? IsUnknown { get; set; }

        public object? Results { get; set; }

        public State[]? Counted { get; set; }

        public IList? Flat { get; set; }
    }
}
