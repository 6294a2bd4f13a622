using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Ends the mapped tasks of a run whose goal is decided: children that are not begun are left out. What runs by then is let finish.</summary>
/// <param name="run">The run.</param>
/// <param name="plan">What is found out of a step that is only planned; null for one that is taken.</param>
internal sealed class MapGoals(WorkingRun run, StepPlan? plan)
{
    private readonly Dictionary<int, MapTally> _tallies = []; // how the children of tasks stand that were looked at in this pass
    private readonly HashSet<int> _over = []; // those of which the rest was left out

    /// <summary>The children of a task are looked at next: they are judged by the goal that the flow has now, and run after all where an edit has made that open again.</summary>
    public void Begin(int task)
    {
        if (run.States[task] is not { Children: { } children, IsFinished: false } mapped || (mapped.Goal is null && GoalOf(task) is null))
            return;
        if (mapped.Goal != GoalOf(task))
            run.Settle(task, child: null, mapped.WithGoal(GoalOf(task)));
        Forget(task);
        var isOpen = GoalOf(task)?.WhyEnded(TallyOf(task), children.Length) is null;
        for (var child = 0; child < children.Length && isOpen; child++)
        {
            if (run.States[task].Children![child] is { IsNotBegun: true } leftOut)
                run.ChangeTo(task, child, leftOut.Reinstate());
        }

        End(task, child: null, _ => false);
    }

    /// <summary>The task is another one now, or its children are others.</summary>
    public void Forget(int task)
    {
        _tallies.Remove(task);
        _over.Remove(task);
    }

    /// <summary>A child has come to another state.</summary>
    public void Change(int task, State from, State to)
    {
        if (!_tallies.TryGetValue(task, out var tally))
            return;
        tally.Change(from, to);
        _tallies[task] = tally;
    }

    /// <summary>Leaves out the children that are not begun, where the goal of the task is decided.</summary>
    /// <param name="task">The mapped task.</param>
    /// <param name="child">The child that has come to another state; null if none.</param>
    /// <param name="isBegun">Whether a child is being run.</param>
    /// <returns>Those that have ended by that.</returns>
    public List<int> End(int task, int? child, Func<int, bool> isBegun)
    {
        var ended = new List<int>();
        if (GoalOf(task) is not { } goal || run.States[task].Children is not { } children || goal.WhyEnded(TallyOf(task), children.Length) is not { } why)
            return ended;
        var mayBegin = child is null ? 0 : plan?.Places - 1 ?? 0; // beside those that are enough
        var isFirst = _over.Add(task);
        for (var i = isFirst ? 0 : child ?? 0; i < (isFirst ? children.Length : (child ?? -1) + 1); i++)
        {
            if (!CanLeaveOut(run.States[task].Children![i]) || isBegun(i) || mayBegin-- > 0)
                continue;
            run.LeaveOut(task, i, State.LeaveOut(why, goal));
            if (run.States[task].Children![i].IsFinished)
                ended.Add(i);
        }

        return ended;
    }

    /// <summary>True if the task may be over before a child of it begins, by what is known in a plan.</summary>
    public bool MayBeOver(int task)
    {
        if (GoalOf(task) is not { } goal || run.States[task].Children is not { } children)
            return false;
        var unknown = 0;
        for (var child = 0; child < children.Length; child++)
            unknown += plan!.IsUnknown(run.Path + ChildSlug.Of(run.Plan.Tasks[task], child)) ? 1 : 0;
        var tally = TallyOf(task);
        return goal.IsReachedBy(tally.Good + unknown, children.Length) || goal.IsMissedBy(tally.Failed + unknown, children.Length);
    }

    // Neither what has ended, nor what is half done: a loop between two passes, a flow that an earlier step began, a body whose process is gone.
    private static bool CanLeaveOut(State child) =>
        (!child.IsFinished || child.IsCancelledByBudget) && child.LoopCount == 1 && child.SubflowRun is not { IsOver: false } && !child.Type.IsRunning();

    private MapGoal? GoalOf(int task) => run.Plan.Tasks[task].Goal;

    private MapTally TallyOf(int task) => _tallies.TryGetValue(task, out var tally) ? tally : _tallies[task] = MapTally.Of(run.States[task].Children!);
}
