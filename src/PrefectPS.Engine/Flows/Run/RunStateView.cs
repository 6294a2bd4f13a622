using System.Collections;
using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>
/// The states of a run, as the tasks behind see them. What one has to go through all children of a mapped task for, or through all
/// elements of a list, is found out once for all who ask, until a state of that task changes.
/// </summary>
/// <param name="plan">The plan.</param>
/// <param name="states">The states, by the tasks' index, as they are by now.</param>
/// <param name="outer">Those of the run that has it as the run of a subflow; null for none.</param>
internal sealed class RunStateView(FlowPlan plan, State[] states, RunStateView? outer = null)
{
    private IReadOnlyList<RunEvent> _events = [];
    private Known?[]? _known; // by the tasks' index
    private Dictionary<(int Task, int Source), IList>? _flat; // lists that no task makes, which stay as they are

    public FlowPlan Plan { get; } = plan;

    /// <summary>The states, by the tasks' index. Not to be written to.</summary>
    public State[] States { get; } = states;

    /// <summary>The events that were sent and no task has taken, the oldest first: they are those of the outermost run.</summary>
    public IReadOnlyList<RunEvent> Events => outer is null ? _events : outer.Events;

    /// <summary>There are other events now.</summary>
    public void Keep(IReadOnlyList<RunEvent> events) => _events = events;

    /// <summary>The state of a task, or of one of its children, is another one now.</summary>
    public void Changed(int task) => _known?[task] = null;

    /// <summary>Whether a state document can name the run where one of its tasks is mapped to so many children.</summary>
    public Func<FlowTask, int, bool> HasRoomFor { get; init; } = (_, _) => true;

    /// <summary>How the children of a mapped task stand, all together.</summary>
    public UpstreamSummary SummaryOfChildren(int task) =>
        Of(task).Summary ??= States[task].Goal is null ? UpstreamSummary.OfAll(States[task].Children!) : UpstreamSummary.OfGoal(States[task]);

    /// <summary>Whether what a task, or a child of a mapped one, takes from an upstream task was a secret, and is gone.</summary>
    public bool IsLost(int task, int? mapIndex, int upstream) =>
        States[upstream].Children is not { } children ? States[upstream].IsResultLost
        : mapIndex is { } child && Plan.WaitsByChild(task, upstream) ? children[child].IsResultLost
        : Of(upstream).IsLost ??= States[upstream].IsResultLost;

    /// <summary>Whether what a task, or a child of a mapped one, takes from an upstream task is not known: the document that it was read from did not hold it.</summary>
    public bool IsUnknown(int task, int? mapIndex, int upstream) =>
        States[upstream].Children is not { } children ? States[upstream].IsResultUnknown
        : mapIndex is { } child && Plan.WaitsByChild(task, upstream) ? children[child].IsResultUnknown
        : Of(upstream).IsUnknown ??= Array.Exists(children, child => child.IsResultUnknown);

    /// <summary>The result of a task, of a mapped one the array of its children's, which all children that take it share.</summary>
    public object? ResultForChildren(int task) =>
        States[task].Children is null ? States[task].ReadResult() : Of(task).Results ??= States[task].ReadResult();

    /// <summary>The element that a child takes from an upstream task; null where that has none for it.</summary>
    public object? ElementAt(int task, int child, bool flatten) =>
        CountedOf(task) is { } children && !flatten ? child < children.Length ? children[child].ReadResult() : null
        : ElementsOf(task, flatten) is { } elements && child < elements.Count ? elements[child]
        : null;

    /// <summary>What can be mapped over of a task's result; null where it is no list.</summary>
    public IList? ElementsOf(int task, bool flatten) => flatten ? Of(task).Flat ??= FindElements(task, flatten) : FindElements(task, flatten);

    /// <summary>What can be mapped over of a list that no task makes; null where it is none.</summary>
    public IList? ElementsOf(FlowTask task, int source, RunIdentity run)
    {
        if (!task.Flatten)
            return MapSource.ListOf(task.MapSources[source].In(run));
        if (_flat?.TryGetValue((task.Index, source), out var known) == true)
            return known;
        return MapSource.ListOf(task.MapSources[source].In(run)) is { } list ? (_flat ??= [])[(task.Index, source)] = FlatList.Of(list) : null;
    }

    /// <summary>The element of such a list that a child takes; null where it has none for it.</summary>
    public object? ElementOf(FlowTask task, int source, int child, RunIdentity run) =>
        ElementsOf(task, source, run) is { } elements && child < elements.Count ? elements[child] : null;

    /// <summary>Which child of a mapped task the element is of that a child takes from the flat list of their results; null where that cannot be told.</summary>
    public int? OriginOf(int task, int child)
    {
        try
        {
            return (ElementsOf(task, flatten: true) as FlatList)?.OriginOf(child);
        }
        catch (FlowException)
        {
            return null; // a result cannot be read: the child that takes it fails by that
        }
    }

    // A result of which nothing is known is no list.
    private IList? FindElements(int task, bool flatten)
    {
        var upstream = States[task];
        if (upstream.Children is null && upstream.LacksResult)
            return null;
        var elements = CountedOf(task) ?? MapSource.ListOf(upstream.ReadResult());
        return flatten && elements is not null ? FlatList.Of(elements) : elements;
    }

    /// <summary>The children of a mapped task that another is mapped over; null where it has none.</summary>
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
