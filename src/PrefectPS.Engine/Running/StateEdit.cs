using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>An edit of a run's states from outside: the chosen tasks and children and, on request, everything downstream.</summary>
public sealed class StateEdit
{
    /// <summary>True if a state is to be changed. A task that ended itself Cancelled is over, and changes only if it is named.</summary>
    /// <param name="state">The state.</param>
    /// <param name="from">The types to change; null for all.</param>
    /// <param name="isNamed">Whether the task was named.</param>
    internal static bool IsFrom(State state, IReadOnlyCollection<StateType>? from, bool isNamed) =>
        from is null || (from.Contains(state.Type) && (isNamed || !state.HasEndedItself));

    /// <summary>Chooses tasks and children by task, child, state and subflow path.</summary>
    public required Func<FlowTask, int?, State, string, bool> Chooses { get; init; }

    /// <summary>The type of the new states.</summary>
    public required StateType To { get; init; }

    /// <summary>Computes the new state in a run; the flag says that the state is stale because something upstream changes too.</summary>
    public required Func<FlowTask, State, RunIdentity, bool, State> Change { get; init; }

    /// <summary>True to change everything downstream too, child by child where it waits so.</summary>
    internal bool IncludesDownstream { get; init; }

    /// <summary>Applies the edit; returns the run itself if nothing changes.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">Path of the subflow.</param>
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

    /// <summary>
    /// Applies the edit to one task or child and what is inside it; returns it unchanged if nothing changes. Upstream and downstream tasks are not known.
    /// </summary>
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

    // The same edit for everything that waits for an approval.
    private StateEdit Approving => new()
    {
        Chooses = (_, _, state, _) => state.CanBeApproved || (state.Children is null && state.AwaitsApprovalInside),
        To = To,
        Change = Change,
        IncludesDownstream = IncludesDownstream,
    };

    // Marks in maps the mapped tasks that stay while their children change.
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

    // A task in a subflow, a child, or a task further inside.
    private bool IsTouched(FlowTask task, State state, string path) =>
        IsTouched(task, child: null, state, path, $"{path}{task.Slug}/")
        || (state.Children ?? []).Where((child, index) => IsTouched(task, index, child, path, $"{path}{ChildSlug.Of(task, index)}/")).Any();

    /// <summary>Applies the edit to one run and its subflow runs.</summary>
    private sealed class Parts(StateEdit edit, RunIdentity run, string path)
    {
        private HashSet<string>? _approved; // tasks and children whose approval is passed on to what waits in their subflows

        public State Change(FlowTask task, int? child, State state, bool isStale)
        {
            if (isStale || !state.IsEditOfSubflow(edit.To))
                return edit.Change(task, state, run, isStale);
            (_approved ??= []).Add(ChildSlug.Of(task, child));
            return state;
        }

        public FlowState ChangeSubflow(string slug, FlowState subflow) => (_approved?.Contains(slug) == true ? edit.Approving : edit).Of(subflow, $"{path}{slug}/");
    }

    /// <summary>A set of tasks and children.</summary>
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

        /// <summary>Adds what is downstream of the upstream task's entries in <paramref name="others"/>.</summary>
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
