using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>An edit of a run's states from outside: to the tasks and children chosen and, where asked for, to all that comes after them.</summary>
public sealed class StateEdit
{
    /// <summary>Whether a state is one of those to change: a task that ended itself Cancelled is over, and changes only where it is named.</summary>
    /// <param name="state">The state.</param>
    /// <param name="from">The types to change; null for all.</param>
    /// <param name="isNamed">Whether the task was named.</param>
    internal static bool IsFrom(State state, IReadOnlyCollection<StateType>? from, bool isNamed) =>
        from is null || (from.Contains(state.Type) && (isNamed || !state.HasEndedItself));

    /// <summary>Whether a task or child in this state is to be changed; the path is that of the subflow it is in.</summary>
    public required Func<FlowTask, int?, State, string, bool> Chooses { get; init; }

    /// <summary>The type that all are to have.</summary>
    public required StateType To { get; init; }

    /// <summary>The state it is to have, in this run; stale is what it was begun with where something that comes before it changes too.</summary>
    public required Func<FlowTask, State, RunIdentity, bool, State> Change { get; init; }

    /// <summary>Whether what comes after those chosen is changed too, child by child where it waits so.</summary>
    internal bool IncludesDownstream { get; init; }

    /// <summary>The run with the states changed; itself where none is.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">The path of the subflow it is a run of.</param>
    public FlowState Of(FlowState run, string path = "")
    {
        var (again, stale) = (new Marks(run.States), new Marks(run.States));
        var maps = new bool[run.States.Length];
        foreach (var task in run.Flow.Plan.Order)
            Mark(run, task, path, again, stale, maps);
        var parts = new Parts(this, run.Identity, path);
        var changed = run.Change(
            (task, child, state) => IsChanged(task, child, state) ? parts.Change(task, child, state, stale.Has(task.Index, child)) : state,
            parts.ChangeSubflow);
        if (ReferenceEquals(changed, run))
            return run;
        var reopened = changed.Change((_, state) => state.Reopen());
        var runsAgain = To.IsPending() || !ReferenceEquals(reopened, changed);
        return (runsAgain ? UndoneTasks.Follow(run, reopened) : changed).Edited(run.Flow.Services.Clock.GetUtcNow());

        bool IsChanged(FlowTask task, int? child, State state) => (IncludesDownstream && stale.Has(task.Index, child))
            || (maps[task.Index] ? child is not null && state.IsEditedWithMap(To) : Chooses(task, child, state, path));
    }

    /// <summary>A task or child as in its run, changed with all that is in it; itself where nothing is. What comes before and after it is not known.</summary>
    public FlowTaskState Of(FlowTaskState given)
    {
        var isMap = given.MapIndex is null && given.Inner.IsEditOfChildren(To) && Chooses(given.Task, null, given.Inner, string.Empty);
        var parts = new Parts(this, given.Identity, string.Empty);
        var changed = FlowState.ChangeTask(
            given.Task,
            given.MapIndex,
            given.Inner,
            (task, child, state) => IsChanged(task, child, state) ? parts.Change(task, child, state, isStale: false) : state,
            parts.ChangeSubflow);
        return ReferenceEquals(changed, given.Inner) ? given : given.With(changed.Reopen());

        bool IsChanged(FlowTask task, int? child, State state) => isMap ? child is not null && state.IsEditedWithMap(To) : Chooses(task, child, state, string.Empty);
    }

    // The same edit of all that waits for an approval.
    private StateEdit Approving => new()
    {
        Chooses = (_, _, state, _) => state.CanBeApproved || (state.Children is null && state.AwaitsApprovalInside),
        To = To,
        Change = Change,
        IncludesDownstream = IncludesDownstream,
    };

    // Marked in maps is a mapped task that stays, and whose children change.
    private void Mark(FlowState run, int task, string path, Marks again, Marks stale, bool[] maps)
    {
        var plan = run.Flow.Plan;
        foreach (var upstream in plan.UpstreamOf(task))
            stale.Follow(task, again, upstream, byChild: plan.WaitsByChild(task, upstream));
        if (IncludesDownstream)
            again.Add(task, stale);
        var (given, state) = (plan.Tasks[task], run.States[task]);
        if (state.IsEditOfChildren(To) && !stale.Has(task, child: null) && Chooses(given, null, state, path))
        {
            maps[task] = true;
            for (var child = 0; child < state.Children!.Length; child++)
            {
                if (state.Children[child].IsEditedWithMap(To))
                    again.Add(task, child);
            }

            return;
        }

        if (IsTouched(given, child: null, state, path, $"{path}{given.Slug}/"))
            again.Add(task);
        for (var child = 0; child < state.Children?.Length; child++)
        {
            if (IsTouched(given, child, state.Children[child], path, $"{path}{ChildSlug.Of(given, child)}/"))
                again.Add(task, child);
        }
    }

    private bool IsTouched(FlowTask task, int? child, State state, string path, string inside) =>
        Chooses(task, child, state, path) || (state.SubflowRun is { } subflow && subflow.Tasks.Any(inner => IsTouched(inner.Task, inner.Inner, inside)));

    // A task in a subflow, or a child or a task further in.
    private bool IsTouched(FlowTask task, State state, string path) =>
        IsTouched(task, child: null, state, path, $"{path}{task.Slug}/")
        || (state.Children ?? []).Where((child, index) => IsTouched(task, index, child, path, $"{path}{ChildSlug.Of(task, index)}/")).Any();

    /// <summary>Changes the tasks of one run, and those of the subflows in it.</summary>
    private sealed class Parts(StateEdit edit, RunIdentity run, string path)
    {
        private HashSet<string>? _approved; // the slugs of tasks and children whose edit is one of what waits in their subflows

        public State Change(FlowTask task, int? child, State state, bool isStale)
        {
            if (isStale || !state.IsEditOfSubflow(edit.To))
                return edit.Change(task, state, run, isStale);
            (_approved ??= []).Add(ChildSlug.Of(task, child));
            return state;
        }

        public FlowState ChangeSubflow(string slug, FlowState subflow) => (_approved?.Contains(slug) == true ? edit.Approving : edit).Of(subflow, $"{path}{slug}/");
    }

    /// <summary>Some of a run's tasks, and some children of others.</summary>
    private sealed class Marks(State[] states)
    {
        private readonly bool[] _tasks = new bool[states.Length];
        private readonly bool[]?[] _children = new bool[states.Length][];

        public bool Has(int task, int? child) => _tasks[task] || (child is { } index && _children[task]?[index] == true);

        public void Add(int task) => _tasks[task] = true;

        public void Add(int task, int child) => ChildrenOf(task)[child] = true;

        public void Add(int task, Marks others)
        {
            _tasks[task] |= others._tasks[task];
            AddChildren(task, others._children[task]);
        }

        /// <summary>Adds what comes after those of an upstream task that are in <paramref name="others"/>.</summary>
        public void Follow(int task, Marks others, int upstream, bool byChild)
        {
            var counterparts = others._children[upstream];
            if (others._tasks[upstream] || (counterparts is not null && !(byChild && states[task].Children?.Length == counterparts.Length)))
                Add(task);
            else
                AddChildren(task, counterparts);
        }

        private void AddChildren(int task, bool[]? marks)
        {
            for (var child = 0; child < marks?.Length; child++)
                ChildrenOf(task)[child] |= marks[child];
        }

        private bool[] ChildrenOf(int task) => _children[task] ??= new bool[states[task].Children!.Length];
    }
}
